package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.utils.FormMessage;

/** The page with the field for a code, for all purposes. */
final class CodePage {

    /** The name of the text field. */
    static final String CODE = "code";

    /** The name of the button that requests another mail. */
    static final String RESEND = "resend";

    /** The name of the checkbox that trusts the browser. */
    static final String TRUST = "trust-browser";

    static final String MESSAGE_MISSING = "emailCodeMissing";
    static final String MESSAGE_WRONG = "emailCodeWrong";
    static final String MESSAGE_VOID = "emailCodeVoid";
    static final String MESSAGE_WRONG_OR_VOID = "emailCodeWrongOrVoid";

    private static final String TEMPLATE = "email-code.ftl";

    private final LoginFormsProvider form;

    /** Creates a page with the text of a purpose and the address that the code was sent to. */
    CodePage(LoginFormsProvider form, Purpose purpose, String sentTo) {
        this.form = form.setAttribute("purpose", CodeMail.keyPart(purpose))
                .setAttribute("sentTo", sentTo)
                .setAttribute("notice", "");
    }

    /** Adds an error below the field. */
    CodePage error(String messageKey) {
        form.addError(new FormMessage(CODE, messageKey));
        return this;
    }

    /** Adds the result of a request for another mail. */
    CodePage notice(Sending sending) {
        String key =
                switch (sending.outcome()) {
                    case SENT -> "emailCodeSentAgain";
                    case COOLING_DOWN -> "emailCodeCoolingDown";
                    case BUDGET_SPENT -> "emailCodeBudgetSpent";
                };
        int minutes = Math.max(1, (sending.retryAfterSeconds() + 59) / 60);
        form.setAttribute("notice", key).setAttribute("noticeMinutes", Integer.toString(minutes));
        return this;
    }

    /** Adds a checkbox by which the user trusts this browser. No checkbox if the days are 0. */
    CodePage offerTrust(int days) {
        if (days > 0) {
            form.setAttribute("trustText", days == 1 ? "emailCodeTrustDay" : "emailCodeTrustDays")
                    .setAttribute("trustDays", Integer.toString(days));
        }
        return this;
    }

    /** Renders the page, with the seconds until another mail can be requested. */
    Response show(int secondsToResend) {
        return form.setAttribute("secondsToResend", Integer.toString(secondsToResend))
                .createForm(TEMPLATE);
    }

    static boolean requestsTrust(HttpRequest request) {
        return request.getDecodedFormParameters().containsKey(TRUST);
    }

    static boolean requestsResend(HttpRequest request) {
        return request.getDecodedFormParameters().containsKey(RESEND);
    }

    /** The text of the field; empty if it has only blanks and dashes. */
    static Optional<String> entered(HttpRequest request) {
        MultivaluedMap<String, String> fields = request.getDecodedFormParameters();
        return Optional.ofNullable(fields.getFirst(CODE))
                .filter(text -> !Digits.entered(text).isEmpty());
    }

    /** The message for a user who may learn whether a code exists or existed. */
    static String message(Verdict verdict) {
        return verdict == Verdict.VOID ? MESSAGE_VOID : MESSAGE_WRONG;
    }
}
