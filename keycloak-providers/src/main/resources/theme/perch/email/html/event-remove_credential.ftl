<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<@layout.emailLayout greets=true>
${msg("eventRemoveCredentialBodyHtml", wording.escaped(wording.credential(event.getDetail("credential_type")!"unknown")), event.date, wording.escaped(event.ipAddress!"?"))?no_esc}
</@layout.emailLayout>
