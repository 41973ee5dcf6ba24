<#ftl output_format="plainText">
<#import "/wording.ftl" as wording>
${wording.greeting()}

${msg("noticeNewDeviceBody", event.date, event.ipAddress!"?")}

${msg("noticeNewDeviceDevice", wording.plain(browser?has_content?then(browser, msg("noticeUnknown"))), wording.plain(system?has_content?then(system, msg("noticeUnknown"))))}

${msg("noticeNewDeviceWarning")}
