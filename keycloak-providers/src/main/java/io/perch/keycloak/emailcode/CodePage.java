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

/** The one page that asks for a code, whatever it is good for. */
final class CodePage {

    /** The page's one text field. */
    static final String CODE = "code";

    /** The name of the button that asks for another mail. */
    static final String RESEND = "resend";

    static final String MESSAGE_MISSING = "emailCodeMissing";
    static final String MESSAGE_WRONG = "emailCodeWrong";
    static final String MESSAGE_VOID = "emailCodeVoid";
    static final String MESSAGE_WRONG_OR_VOID = "emailCodeWrongOrVoid";

    private static final String TEMPLATE = "email-code.ftl";

    private final LoginFormsProvider form;

    /** A page that says, in the words of its purpose, whom the code was sent to. */
    CodePage(LoginFormsProvider form, Purpose purpose, String sentTo) {
        this.form = form.setAttribute("purpose", CodeMail.keyPart(purpose))
                .setAttribute("sentTo", sentTo)
                .setAttribute("notice", "");
    }

    /** Says below the field what is wrong with it. */
    CodePage error(String messageKey) {
        form.addError(new FormMessage(CODE, messageKey));
        return this;
    }

    /** Says what became of a request for another mail. */
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

    /** Renders it, with the seconds until another mail may be asked for. */
    Response show(int secondsToResend) {
        return form.setAttribute("secondsToResend", Integer.toString(secondsToResend))
                .createForm(TEMPLATE);
    }

    static boolean asksForAnother(HttpRequest request) {
        return request.getDecodedFormParameters().containsKey(RESEND);
    }

    /** What was entered, if it is more than blanks and dashes. */
    static Optional<String> entered(HttpRequest request) {
        MultivaluedMap<String, String> fields = request.getDecodedFormParameters();
        return Optional.ofNullable(fields.getFirst(CODE))
                .filter(text -> !Digits.entered(text).isEmpty());
    }

    /** The message for who may know that there is, or was, a code. */
    static String message(Verdict verdict) {
        return verdict == Verdict.VOID ? MESSAGE_VOID : MESSAGE_WRONG;
    }
}
