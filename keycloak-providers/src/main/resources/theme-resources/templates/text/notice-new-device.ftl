<#ftl output_format="plainText">
${msg("noticeNewDeviceBody", event.date, event.ipAddress!"?")}

${msg("noticeNewDeviceDevice", browser?has_content?then(browser, msg("noticeUnknown")), system?has_content?then(system, msg("noticeUnknown")))}

${msg("noticeNewDeviceWarning")}
