<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<@layout.emailLayout>
<#assign username = wording.escaped(identityProviderContext.username!"")>
${msg("identityProviderLinkBodyHtml", wording.escaped(identityProviderDisplayName), wording.escaped(realmName), username, link?esc?markup_string, linkExpiration, linkExpirationFormatter(linkExpiration))?no_esc}
</@layout.emailLayout>
