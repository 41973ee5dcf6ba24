<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
${wording.greeting()}

${msg("passwordResetBody", link, linkExpiration, realmName, linkExpirationFormatter(linkExpiration))}
