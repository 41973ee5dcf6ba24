<#import "template.ftl" as layout>
<#-- The names are the device's own word: a browser may call itself anything -->
<@layout.emailLayout>
<p>${msg("noticeNewDeviceBody", event.date, event.ipAddress!"?")}</p>
<p>${msg("noticeNewDeviceDevice", browser?has_content?then(browser, msg("noticeUnknown")), system?has_content?then(system, msg("noticeUnknown")))}</p>
<p>${msg("noticeNewDeviceWarning")}</p>
</@layout.emailLayout>
