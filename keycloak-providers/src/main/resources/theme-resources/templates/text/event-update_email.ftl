<#ftl output_format="plainText">
<#function masked address>
  <#local at = address?last_index_of("@")>
  <#return (at lt 1)?then("...", address[0..<1] + "..." + address[at..])>
</#function>
${msg("noticeEmailChangedBody", masked(event.getDetail("previous_email")!""), masked(event.getDetail("updated_email")!""), event.date, event.ipAddress!"?")}

${msg("noticeEmailChangedWarning")}
