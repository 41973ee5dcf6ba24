<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("emailCodeBody-" + purpose, realmName)}</p>
<p dir="ltr" style="font-size: 2em; font-weight: bold; letter-spacing: 0.2em">${code}</p>
<p>${msg("emailCodeExpiry", minutes)}</p>
<p>${msg("emailCodeWarning")}</p>
</@layout.emailLayout>
