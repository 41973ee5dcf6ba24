<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
<#assign previous = wording.masked(event.getDetail("previous_email")!"")>
<#assign updated = wording.masked(event.getDetail("updated_email")!user.email!"")>
${wording.greeting()}

${msg("eventUpdateEmailBody", previous, updated, event.date, event.ipAddress!"?")}
