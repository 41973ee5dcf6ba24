<#ftl output_format="plainText">
${msg("emailCodeBody-" + purpose, realmName)}

    ${code}
<#if link?has_content>

${msg("emailCodeLink")}

${link}
</#if>

${msg("emailCodeExpiry", minutes)}

${msg("emailCodeWarning")}
