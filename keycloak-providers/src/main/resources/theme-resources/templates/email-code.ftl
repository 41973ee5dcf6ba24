<#import "template.ftl" as layout>
<#assign error = messagesPerField.get("code")!"">
<#if purpose == "reset-password">
  <#-- The layout shows the name of an existing user only. That would reveal who is registered, so it is not shown here -->
  <#global auth = "">
</#if>
<@layout.registrationLayout displayMessage=false; section>
  <#if section = "header">
    ${msg("emailCodeTitle-" + purpose)}
  <#elseif section = "form">
    <form id="email-code-form" class="${properties.kcFormClass!}" action="${url.loginAction}" method="post" novalidate>
      <#-- dir: a language without these texts shows them in English, also on a right-to-left page -->
      <p id="email-code-sent" dir="auto">${msg("emailCodeSent-" + purpose, sentTo)}</p>
      <#if notice?has_content>
        <p id="email-code-notice" role="status" dir="auto"><strong>${msg(notice, noticeMinutes)}</strong></p>
      </#if>
      <div class="${properties.kcFormGroupClass!}">
        <div class="${properties.kcFormGroupLabelClass!}">
          <label for="code" class="${properties.kcFormLabelClass!}">
            <span class="${properties.kcFormLabelTextClass!}">${msg("emailCodeLabel")}</span>
          </label>
        </div>
        <span class="${properties.kcInputClass!}<#if error?has_content> ${properties.kcError!}</#if>">
          <input id="code" name="code" type="text" dir="ltr" inputmode="numeric" autocomplete="one-time-code" autofocus
                 autocapitalize="off" spellcheck="false" maxlength="64"
                 aria-describedby="<#if error?has_content>input-error-code </#if>email-code-sent"
                 <#if error?has_content>aria-invalid="true"</#if>>
        </span>
        <#if error?has_content>
          <div class="${properties.kcFormHelperTextClass!}">
            <span id="input-error-code" dir="auto" class="${properties.kcInputErrorMessageClass!}" role="alert">${error}</span>
          </div>
        </#if>
      </div>
      <#if trustText??>
        <div class="${properties.kcFormGroupClass!}">
          <label for="trust-browser" class="${properties.kcCheckboxClass!}">
            <input id="trust-browser" name="trust-browser" type="checkbox" class="${properties.kcCheckboxInputClass!}">
            <span dir="auto" class="${properties.kcCheckboxLabelClass!}">${msg(trustText, trustDays)}</span>
          </label>
        </div>
      </#if>
      <div class="${properties.kcFormGroupClass!}">
        <button id="email-code-submit" type="submit"
                class="${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!}">${msg("doSubmit")}</button>
      </div>
      <div class="${properties.kcFormGroupClass!}">
        <button id="email-code-resend" type="submit" name="resend" value="true" aria-describedby="email-code-wait"
                class="${properties.kcButtonSecondaryClass!} ${properties.kcButtonBlockClass!}">${msg("emailCodeResend")}</button>
        <div class="${properties.kcFormHelperTextClass!}">
          <p id="email-code-wait" dir="auto" class="${properties.kcInputHelperTextItemTextClass!}" role="timer"
             data-seconds="${secondsToResend}" data-waiting="${msg("emailCodeWait", "{seconds}")}"
             data-over="${msg("emailCodeWaitOver")}"><#if secondsToResend == "0">${msg("emailCodeWaitOver")}<#else>${msg("emailCodeWait", secondsToResend)}</#if></p>
        </div>
      </div>
      <#if isAppInitiatedAction??>
        <div class="${properties.kcFormGroupClass!}">
          <button id="email-code-cancel" type="submit" name="cancel-aia" value="true"
                  class="${properties.kcButtonSecondaryClass!} ${properties.kcButtonBlockClass!}">${msg("doCancel")}</button>
        </div>
      </#if>
    </form>
    <script type="module" src="${url.resourcesPath}/js/email-code.js"></script>
  </#if>
</@layout.registrationLayout>
