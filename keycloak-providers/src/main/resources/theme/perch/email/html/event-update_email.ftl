<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<#-- It goes to the old address too, which may be another's by now: no address is told in full. -->
<#assign previous = wording.escaped(wording.masked(event.getDetail("previous_email")!""))>
<#assign updated = wording.escaped(wording.masked(event.getDetail("updated_email")!user.email!""))>
<@layout.emailLayout greets=true>
${msg("eventUpdateEmailBodyHtml", previous, updated, event.date, wording.escaped(event.ipAddress!"?"))?no_esc}
</@layout.emailLayout>
