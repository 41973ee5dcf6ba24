<#-- This mail is also sent to the old address, which may belong to somebody else by now. So no address is shown in full. -->
<#import "template.ftl" as layout>
<#function masked address>
  <#local at = address?last_index_of("@")>
  <#return (at lt 1)?then("...", address[0..<1] + "..." + address[at..])>
</#function>
<@layout.emailLayout>
<p>${msg("noticeEmailChangedBody", masked(event.getDetail("previous_email")!""), masked(event.getDetail("updated_email")!""), event.date, event.ipAddress!"?")}</p>
<p>${msg("noticeEmailChangedWarning")}</p>
</@layout.emailLayout>
