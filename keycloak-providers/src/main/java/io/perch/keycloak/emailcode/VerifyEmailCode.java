package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import io.perch.keycloak.emailcode.EmailCodes.Sending;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import jakarta.ws.rs.core.Response;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserModel.RequiredAction;
import org.keycloak.services.Urls;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.utils.StringUtil;

/** Verifies the user's address by a code. Keycloak's own required action sends a link instead. */
final class VerifyEmailCode implements RequiredActionProvider {

    /** The address that this sign-in has already sent a mail to. If the page is shown again, no other mail is sent. */
    private static final String SENT_TO = "perch-verify-email-code-sent-to";

    private final EmailCodes codes;

    VerifyEmailCode(EmailCodes codes) {
        this.codes = codes;
    }

    @Override
    public InitiatedActionSupport initiatedActionSupport() {
        return InitiatedActionSupport.SUPPORTED;
    }

    @Override
    public void evaluateTriggers(RequiredActionContext context) {
        UserModel user = context.getUser();
        if (isEnded(context)) {
            // Added to this sign-in only, not to the user. It cannot be refused here, so the action refuses it
            context.getAuthenticationSession().addRequiredAction(VerifyEmailCodeFactory.PROVIDER_ID);
        }
        if (context.getRealm().isVerifyEmail()
                && !user.isEmailVerified()
                && !StringUtil.isBlank(user.getEmail())
                && !isToUpdateEmail(user)) {
            user.addRequiredAction(VerifyEmailCodeFactory.PROVIDER_ID);
        }
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        UserModel user = context.getUser();
        AuthenticationSessionModel login = context.getAuthenticationSession();
        if (user.isEmailVerified() || isEnded(context)) {
            endWithoutCode(context);
            return;
        }
        if (StringUtil.isBlank(user.getEmail())) {
            context.ignore();
            return;
        }
        // Even if another sign-in verifies the address in the meantime, this one must still run this action
        login.addRequiredAction(VerifyEmailCodeFactory.PROVIDER_ID);
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
    public void processAction(RequiredActionContext context) {
        UserModel user = context.getUser();
        if (user.isEmailVerified() || isEnded(context)) {
            endWithoutCode(context);
            return;
        }
        context.getEvent().event(EventType.VERIFY_EMAIL).detail(Details.EMAIL, user.getEmail());
        if (CodePage.requestsResend(context.getHttpRequest())) {
            challenge(context, page(context).notice(send(context)));
            return;
        }
        Optional<String> code = CodePage.entered(context.getHttpRequest());
        if (code.isEmpty()) {
            challenge(context, page(context).error(CodePage.MESSAGE_MISSING));
            return;
        }
        Verdict verdict = ProvenAddress.redeem(codes, context.getRealm(), user, Purpose.VERIFY_EMAIL, code.get());
        if (verdict != Verdict.ACCEPTED) {
            context.getEvent().clone().error(Errors.INVALID_CODE);
            challenge(context, page(context).error(CodePage.message(verdict)));
            return;
        }
        user.removeRequiredAction(RequiredAction.VERIFY_EMAIL);
        context.getAuthenticationSession().removeRequiredAction(RequiredAction.VERIFY_EMAIL);
        context.success();
    }

    @Override
    public void initiatedActionCanceled(KeycloakSession session, AuthenticationSessionModel login) {
        // If the address was verified elsewhere meanwhile, the sign-in must start again, even if the user cancels
        if (!login.getAuthenticatedUser().isEmailVerified()) {
            login.removeRequiredAction(VerifyEmailCodeFactory.PROVIDER_ID);
        }
    }

    @Override
    public void close() {}

    /**
     * Ends the action because the address was verified elsewhere. Who has registered, or was asked for the code, must sign in again.
     * Otherwise an attacker could register with the address of another person, wait until that person verifies it, and would be
     * signed in.
     */
    private static void endWithoutCode(RequiredActionContext context) {
        AuthenticationSessionModel login = context.getAuthenticationSession();
        if (!isRegistering(login) && login.getAuthNote(SENT_TO) == null && !isEnded(context)) {
            context.success();
            return;
        }
        context.challenge(Response.seeOther(Urls.realmLoginRestartPage(
                        context.getUriInfo().getBaseUri(),
                        context.getRealm().getName(),
                        login.getClient().getClientId(),
                        login.getTabId(),
                        AuthenticationProcessor.getClientData(context.getSession(), login),
                        false))
                .build());
    }

    private Sending send(RequiredActionContext context) {
        Requester requester =
                isRegistering(context.getAuthenticationSession()) ? Requester.NEW_ACCOUNT : Requester.ACCOUNT_HOLDER;
        return codes.send(context.getRealm(), context.getUser(), Purpose.VERIFY_EMAIL, requester, null);
    }

    private void challenge(RequiredActionContext context, CodePage page) {
        context.challenge(
                page.show(codes.secondsToResend(context.getRealm(), context.getUser(), Purpose.VERIFY_EMAIL, null)));
    }

    private static CodePage page(RequiredActionContext context) {
        return new CodePage(
                context.form(), Purpose.VERIFY_EMAIL, context.getUser().getEmail());
    }

    private static boolean isRegistering(AuthenticationSessionModel login) {
        return "true".equals(login.getAuthNote(AuthenticationManager.NEW_USER_REGISTERED));
    }

    private static boolean isEnded(RequiredActionContext context) {
        return HeldSignIns.isEnded(context.getSession(), context.getAuthenticationSession(), context.getUser());
    }

    // The action UPDATE_EMAIL requests a new address and verifies it itself
    private static boolean isToUpdateEmail(UserModel user) {
        return user.getRequiredActionsStream().anyMatch(RequiredAction.UPDATE_EMAIL.name()::equals);
    }
}
