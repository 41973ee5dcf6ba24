<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<@layout.emailLayout greets=true>
<#assign type = event.getDetail("credential_type")!"unknown">
<#if type == "password">
${msg("eventUpdatePasswordBodyHtml", event.date, wording.escaped(event.ipAddress!"?"))?no_esc}
<#else>
${msg("eventUpdateCredentialBodyHtml", wording.escaped(wording.credential(type)), event.date, wording.escaped(event.ipAddress!"?"))?no_esc}
</#if>
</@layout.emailLayout>
