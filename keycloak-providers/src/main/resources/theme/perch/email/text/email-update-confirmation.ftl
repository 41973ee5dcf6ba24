<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
${msg("emailUpdateConfirmationBody", link, wording.plain(newEmail), realmName, linkExpirationFormatter(linkExpiration))}
