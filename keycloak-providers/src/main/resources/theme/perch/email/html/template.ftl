<#import "/wording.ftl" as wording>
<#-- Nothing is loaded from a server: no image and no font. So the mail looks the same offline, and nobody can see that it was opened. -->
<#macro emailLayout greets=false>
<!DOCTYPE html>
<html lang="${locale.toLanguageTag()}" dir="${ltr?then('ltr', 'rtl')}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${subject!realmName}</title>
  <style>
    body { margin: 0; padding: 24px 16px; background: #f3f6f5; color: #16211f; font: 16px/1.5 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
    .page { max-width: 34rem; margin: 0 auto; }
    .brand { margin: 0 0 16px; color: #0b6b66; font-size: 20px; font-weight: 700; }
    .card { padding: 8px 24px; border-radius: 12px; background: #ffffff; overflow-wrap: anywhere; }
    .card a { color: #0b6b66; font-weight: 600; }
    .note { color: #54615e; font-size: 14px; }
    @media (prefers-color-scheme: dark) {
      body { background: #101817; color: #e6edeb; }
      .brand, .card a { color: #7fd6cd; }
      .card { background: #1a2423; }
      .note { color: #aebab7; }
    }
  </style>
</head>
<body>
  <div class="page">
    <p class="brand">${realmName}</p>
    <div class="card">
      <#if greets>
      <p>${wording.greeting()}</p>
      </#if>
      <#nested>
    </div>
    <p class="note">${msg("neverAsks", realmName)}</p>
  </div>
</body>
</html>
</#macro>
