<#-- What a user entered, as one line of plain text: without control characters, characters that turn the direction of
     writing, and the dollar that would begin a message's key. It is not escaped: HTML mails use escaped(). -->
<#function plain text max=255>
  <#return text?replace(r"[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069$]+", " ", "r")?trim?truncate(max, "...")>
</#function>

<#-- The same for a message in HTML. A message with such a part must not go through kcSanitize: that undoes every escape
     before it sanitizes, and leaves links and images from a name standing. Its own markup is trusted, its parts are not. -->
<#function escaped text max=255>
  <#return plain(text, max)?esc?markup_string>
</#function>

<#-- How to address the reader. A long "name" is cut: it would be somebody's message, sent in ours. -->
<#function greeting>
  <#local name = plain((user.firstName)!"", 40)>
  <#if name?has_content><#return msg("greeting", name)></#if>
  <#return msg("greetingNobody")>
</#function>

<#-- What changed, in the reader's words; a type that is not known here, as it is. -->
<#function credential type>
  <#local key = "credentialType." + type>
  <#local name = msg(key)>
  <#return (name == key)?then(plain(type), name)>
</#function>

<#-- An address that who owns it recognises, and who reads it by chance does not learn. -->
<#function masked address>
  <#local at = address?last_index_of("@")>
  <#if at lt 1><#return "..."></#if>
  <#return plain(address[0..<1] + "..." + address[at..])>
</#function>
