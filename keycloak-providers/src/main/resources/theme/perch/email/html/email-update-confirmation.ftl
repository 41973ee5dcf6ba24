<#import "template.ftl" as layout>
<#import "/wording.ftl" as wording>
<@layout.emailLayout>
${msg("emailUpdateConfirmationBodyHtml", link?esc?markup_string, wording.escaped(newEmail), wording.escaped(realmName), linkExpirationFormatter(linkExpiration))?no_esc}
</@layout.emailLayout>
