<#import "template.ftl" as layout>
<@layout.emailLayout>
<p>${msg("emailCodeBody-" + purpose, realmName)}</p>
<p dir="ltr" style="font-size: 2em; font-weight: bold; letter-spacing: 0.2em">${code}</p>
<#if link?has_content>
<p><a href="${link}">${msg("emailCodeLink")}</a></p>
</#if>
<p>${msg("emailCodeExpiry", minutes)}</p>
<p>${msg("emailCodeWarning")}</p>
</@layout.emailLayout>
