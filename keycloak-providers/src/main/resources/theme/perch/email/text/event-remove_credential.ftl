<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
${wording.greeting()}

${msg("eventRemoveCredentialBody", wording.credential(event.getDetail("credential_type")!"unknown"), event.date, event.ipAddress!"?")}
