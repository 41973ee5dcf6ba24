<#import "template.ftl" as layout>
<#-- The names come from the device. A browser can send any name -->
<@layout.emailLayout>
<p>${msg("noticeNewDeviceBody", event.date, event.ipAddress!"?")}</p>
<p>${msg("noticeNewDeviceDevice", browser?has_content?then(browser, msg("noticeUnknown")), system?has_content?then(system, msg("noticeUnknown")))}</p>
<p>${msg("noticeNewDeviceWarning")}</p>
</@layout.emailLayout>
