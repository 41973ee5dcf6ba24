<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<#-- The names come from the device. A browser can send any name. -->
<@layout.emailLayout greets=true>
<p>${msg("noticeNewDeviceBody", event.date, event.ipAddress!"?")}</p>
<p>${msg("noticeNewDeviceDevice", wording.plain(browser?has_content?then(browser, msg("noticeUnknown"))), wording.plain(system?has_content?then(system, msg("noticeUnknown"))))}</p>
<p>${msg("noticeNewDeviceWarning")}</p>
</@layout.emailLayout>
