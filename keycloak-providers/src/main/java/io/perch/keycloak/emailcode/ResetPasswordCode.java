package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Sending.Outcome;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.AbstractUsernameFormAuthenticator;
import org.keycloak.common.util.Time;
import org.keycloak.events.Errors;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.DefaultActionTokenKey;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Requires a code before a user can choose a new password. For an unknown user it shows the same pages and messages.
 */
final class ResetPasswordCode implements Authenticator {

    private static final String SENT_TO = "perch-reset-password-code-sent-to";
    private static final String SENT_AT = "perch-reset-password-code-sent-at";

    private final EmailCodes codes;

    ResetPasswordCode(EmailCodes codes) {
        this.codes = codes;
    }

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        if (hasUsedActionToken(context)) {
            context.success();
            return;
        }
        if (!attempted(context).equals(context.getAuthenticationSession().getAuthNote(SENT_TO))) {
            send(context);
        }
        challenge(context, page(context));
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        if (CodePage.requestsResend(context.getHttpRequest())) {
            challenge(context, page(context).notice(sendAgain(context)));
            return;
        }
        Optional<String> code = CodePage.entered(context.getHttpRequest());
        if (code.isEmpty()) {
            challenge(context, page(context).error(CodePage.MESSAGE_MISSING));
            return;
        }
        UserModel user = user(context);
        boolean first = user != null && !user.isEmailVerified();
        Verdict verdict = ProvenAddress.redeem(codes, context.getRealm(), user, Purpose.RESET_PASSWORD, code.get());
        if (user == null || verdict != Verdict.ACCEPTED) {
            context.getEvent().clone().user(user).error(Errors.INVALID_CODE);
            challenge(context, page(context).error(CodePage.MESSAGE_WRONG_OR_VOID));
            return;
        }
        if (first) {
            UnprovenAccess.remove(context.getSession(), context.getRealm(), user, context.getEvent());
            HeldSignIns.keep(context.getSession(), context.getAuthenticationSession(), user);
        }
        context.success();
    }

    @Override
    public boolean requiresUser() {
        return false;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}

    private void send(AuthenticationFlowContext context) {
        AuthenticationSessionModel flow = context.getAuthenticationSession();
        flow.setAuthNote(SENT_TO, attempted(context));
        flow.setAuthNote(SENT_AT, Long.toString(Time.currentTimeSeconds()));
        codes.sendLater(context.getRealm(), Purpose.RESET_PASSWORD, Requester.ANONYMOUS, user(context));
    }

    // The real result is known only in the background. The page must show the same to everybody
    private Sending sendAgain(AuthenticationFlowContext context) {
        int wait = secondsToResend(context);
        if (wait > 0) {
            return new Sending(Outcome.COOLING_DOWN, wait);
        }
        send(context);
        return new Sending(Outcome.SENT, codes.cooldownSeconds());
    }

    private int secondsToResend(AuthenticationFlowContext context) {
        String sentAt = context.getAuthenticationSession().getAuthNote(SENT_AT);
        long since = sentAt == null ? Long.MAX_VALUE : Time.currentTimeSeconds() - Long.parseLong(sentAt);
        return (int) Math.max(0, codes.cooldownSeconds() - since);
    }

    private void challenge(AuthenticationFlowContext context, CodePage page) {
        context.challenge(page.show(secondsToResend(context)));
    }

    // Without the user: the language of the page would show that the user exists
    private static CodePage page(AuthenticationFlowContext context) {
        LoginFormsProvider form = context.form().setUser(null);
        return new CodePage(form, Purpose.RESET_PASSWORD, attempted(context));
    }

    private static String attempted(AuthenticationFlowContext context) {
        String attempted =
                context.getAuthenticationSession().getAuthNote(AbstractUsernameFormAuthenticator.ATTEMPTED_USERNAME);
        return attempted == null ? "" : attempted;
    }

    private static @Nullable UserModel user(AuthenticationFlowContext context) {
        return context.getUser();
    }

    // An action token from one of Keycloak's mails proves the same as a code
    private static boolean hasUsedActionToken(AuthenticationFlowContext context) {
        UserModel user = user(context);
        return user != null
                && user.getId()
                        .equals(context.getAuthenticationSession()
                                .getAuthNote(DefaultActionTokenKey.ACTION_TOKEN_USER_ID));
    }
}
