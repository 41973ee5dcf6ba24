package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Errors;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.utils.StringUtil;

/** Requires a code as a second factor, for users with a verified address. */
final class LoginEmailCode implements Authenticator {

    private static final String SENT_TO = "perch-login-email-code-sent-to";

    private final EmailCodes codes;

    LoginEmailCode(EmailCodes codes) {
        this.codes = codes;
    }

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        if (isLockedOut(context)) {
            return;
        }
        if (trust(context).isTrusted(context)) {
            context.success();
            return;
        }
        UserModel user = context.getUser();
        AuthenticationSessionModel login = context.getAuthenticationSession();
        CodePage page = page(context);
        if (!Objects.equals(login.getAuthNote(SENT_TO), user.getEmail())) {
            login.setAuthNote(SENT_TO, user.getEmail());
            Sending sending = send(context);
            if (sending.outcome() != Sending.Outcome.SENT) {
                page.notice(sending);
            }
        }
        challenge(context, page);
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        if (isLockedOut(context)) {
            return;
        }
        UserModel user = context.getUser();
        if (CodePage.requestsResend(context.getHttpRequest())) {
            challenge(context, page(context).notice(send(context)));
            return;
        }
        Optional<String> code = CodePage.entered(context.getHttpRequest());
        if (code.isEmpty()) {
            challenge(context, page(context).error(CodePage.MESSAGE_MISSING));
            return;
        }
        Verdict verdict =
                codes.redeem(context.getRealm(), user, Purpose.LOGIN, context.getAuthenticationSession(), code.get());
        if (verdict != Verdict.ACCEPTED) {
            context.getEvent().clone().user(user).error(Errors.INVALID_USER_CREDENTIALS);
            challenge(context, page(context).error(CodePage.message(verdict)));
            return;
        }
        TrustedBrowser trust = trust(context);
        if (trust.days() > 0 && CodePage.requestsTrust(context.getHttpRequest())) {
            trust.trust(context);
        }
        context.success(OTPCredentialModel.TYPE);
    }

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return user.isEmailVerified() && !StringUtil.isBlank(user.getEmail());
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}

    // For a locked account the page shows every code as wrong, as Keycloak's own page for authenticator codes does
    private boolean isLockedOut(AuthenticationFlowContext context) {
        String reason = AuthenticatorUtils.getDisabledByBruteForceEventError(context, context.getUser());
        if (reason == null) {
            return false;
        }
        context.getEvent().clone().user(context.getUser()).error(reason);
        context.forceChallenge(page(context).error(CodePage.MESSAGE_WRONG).show(0));
        return true;
    }

    private Sending send(AuthenticationFlowContext context) {
        return codes.send(
                context.getRealm(),
                context.getUser(),
                Purpose.LOGIN,
                Requester.ACCOUNT_HOLDER,
                context.getAuthenticationSession(),
                CodeOptions.format(config(context), codes.format()));
    }

    private void challenge(AuthenticationFlowContext context, CodePage page) {
        context.challenge(page.show(codes.secondsToResend(
                context.getRealm(), context.getUser(), Purpose.LOGIN, context.getAuthenticationSession())));
    }

    private static CodePage page(AuthenticationFlowContext context) {
        return new CodePage(
                        context.form(), Purpose.LOGIN, hidden(context.getUser().getEmail()))
                .offerTrust(trust(context).days());
    }

    private static TrustedBrowser trust(AuthenticationFlowContext context) {
        return new TrustedBrowser(CodeOptions.trustDays(config(context)));
    }

    private static Map<String, String> config(AuthenticationFlowContext context) {
        AuthenticatorConfigModel config = context.getAuthenticatorConfig();
        return config == null || config.getConfig() == null ? Map.of() : config.getConfig();
    }

    /** A masked address. The owner recognizes it, and a person who has only the password does not learn it. */
    static String hidden(String email) {
        int at = email.lastIndexOf('@');
        return at < 1 ? "***" : email.substring(0, email.offsetByCodePoints(0, 1)) + "***" + email.substring(at);
    }
}
