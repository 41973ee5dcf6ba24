<#ftl output_format="plainText">
${msg("emailCodeBody-" + purpose, realmName)}

    ${code}

${msg("emailCodeExpiry", minutes)}

${msg("emailCodeWarning")}
