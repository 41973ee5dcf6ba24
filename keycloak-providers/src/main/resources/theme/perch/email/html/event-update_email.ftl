<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<#-- This mail is also sent to the old address, which may belong to somebody else by now. So no address is shown in full. -->
<#assign previous = wording.escaped(wording.masked(event.getDetail("previous_email")!""))>
<#assign updated = wording.escaped(wording.masked(event.getDetail("updated_email")!user.email!""))>
<@layout.emailLayout greets=true>
${msg("eventUpdateEmailBodyHtml", previous, updated, event.date, wording.escaped(event.ipAddress!"?"))?no_esc}
</@layout.emailLayout>
