<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<@layout.emailLayout>
<#assign expiration = linkExpirationFormatter(linkExpiration)>
<#if firstName?? && lastName??>
${msg("orgInviteBodyPersonalizedHtml", link?esc?markup_string, linkExpiration, wording.escaped(realmName), wording.escaped(organization.name), expiration, wording.escaped(firstName, 40), wording.escaped(lastName, 40))?no_esc}
<#else>
${msg("orgInviteBodyHtml", link?esc?markup_string, linkExpiration, wording.escaped(realmName), wording.escaped(organization.name), expiration)?no_esc}
</#if>
</@layout.emailLayout>
