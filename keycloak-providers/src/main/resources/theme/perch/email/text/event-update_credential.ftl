<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
<#assign type = event.getDetail("credential_type")!"unknown">
${wording.greeting()}

<#if type == "password">
${msg("eventUpdatePasswordBody", event.date, event.ipAddress!"?")}
<#else>
${msg("eventUpdateCredentialBody", wording.credential(type), event.date, event.ipAddress!"?")}
</#if>
