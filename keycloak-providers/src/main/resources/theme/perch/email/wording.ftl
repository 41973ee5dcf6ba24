<#-- A user's input as one line of plain text. Control characters and characters that change the writing direction are
     removed, and so is the dollar sign, because a message's key begins with it. The result is not escaped: HTML mails use
     escaped(). -->
<#function plain text max=255>
  <#return text?replace(r"[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069$]+", " ", "r")?trim?truncate(max, "...")>
</#function>

<#-- The same for HTML. Do not pass a message with such a part to kcSanitize: it removes the escapes before it sanitizes,
     so links and images in a user's name would remain. The message's own markup is trusted, its parts are not. -->
<#function escaped text max=255>
  <#return plain(text, max)?esc?markup_string>
</#function>

<#-- The greeting. A long name is cut, because somebody could use it to send a message of their own in our mail. -->
<#function greeting>
  <#local name = plain((user.firstName)!"", 40)>
  <#if name?has_content><#return msg("greeting", name)></#if>
  <#return msg("greetingNobody")>
</#function>

<#-- The translated name of a credential type, or the type itself if there is no translation. -->
<#function credential type>
  <#local key = "credentialType." + type>
  <#local name = msg(key)>
  <#return (name == key)?then(plain(type), name)>
</#function>

<#-- A masked address: its owner recognises it, and other readers cannot learn it. -->
<#function masked address>
  <#local at = address?last_index_of("@")>
  <#if at lt 1><#return "..."></#if>
  <#return plain(address[0..<1] + "..." + address[at..])>
</#function>
