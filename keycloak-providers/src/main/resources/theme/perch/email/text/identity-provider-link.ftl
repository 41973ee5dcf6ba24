<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
${msg("identityProviderLinkBody", identityProviderDisplayName, realmName, wording.plain(identityProviderContext.username!""), link, linkExpiration, linkExpirationFormatter(linkExpiration))}
