<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
<#assign expiration = linkExpirationFormatter(linkExpiration)>
<#if firstName?? && lastName??>
${msg("orgInviteBodyPersonalized", link, linkExpiration, realmName, organization.name, expiration, wording.plain(firstName, 40), wording.plain(lastName, 40))}
<#else>
${msg("orgInviteBody", link, linkExpiration, realmName, organization.name, expiration)}
</#if>
