package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.perch.keycloak.emailcode.EmailCodes;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import io.perch.keycloak.emailcode.Mailboxes;
import io.perch.keycloak.emailcode.UnprovenAccess;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.storage.ReadOnlyException;

/** {@code /verify-email} and {@code /resend-verification}: the verification of an address. */
final class Verification {

    private Verification() {}

    /**
     * Verifies the address by a code. The code proves only the mailbox, not that the same person has registered and chosen the
     * password. Therefore tokens need a {@link Proof} of that, or a new password. Without a proof, the first verification removes
     * the password that the account has.
     */
    static Response verify(Call call) {
        Fields fields = call.fields();
        fields.allow(SignIn.withClient(
                "email", "code", "otp", OAuth2Constants.SCOPE, NewPassword.MEMBER, Proof.PASSWORD, Proof.TOKEN));
        String email = fields.requiredText("email");
        String code = fields.requiredText("code");
        Optional<String> newPassword = fields.secret(NewPassword.MEMBER).filter(text -> !text.isEmpty());
        Proof proof = Proof.of(call, fields);
        call.event().event(EventType.VERIFY_EMAIL).detail(Details.EMAIL, email);
        ClientAuthentication client = ClientAuthentication.forPasswords(call, fields);
        MultivaluedMap<String, String> form = SignIn.formOfFlow(fields, client.form());
        fields.check();
        Optional<AuthenticationFlowModel> flow = VerifyEmailFlow.of(call.realm(), client.client());
        UserModel user = codeOwner(call, email, code);
        boolean proved = proof.isGivenFor(call, client.client(), user);
        newPassword.ifPresent(password -> NewPassword.checkPolicy(call, user, password));
        boolean first = !user.isEmailVerified();
        if (!first && newPassword.isPresent()) {
            // The address was verified after the code was sent, so the code replaces a password as a reset does
            PasswordReset.requireAllowed(call);
        }
        markVerified(call, user);
        redeem(call, user, Purpose.VERIFY_EMAIL, code);
        TokenRequest.addressIsVerified(user);
        call.event().user(user).success();
        if (first && !proved) {
            UnprovenAccess.remove(call.session(), call.realm(), user, call.event());
        } else if (newPassword.isPresent()) {
            // As with every change of a password: a session may be another person's
            call.sessionsOf(user).end(call.event(), userSession -> true);
        }
        newPassword.ifPresent(password -> NewPassword.set(call, user, password));
        return Answers.ok(
                (proved || newPassword.isPresent()) && flow.isPresent()
                        ? Verified.of(user, TokenRequest.byCode(call, client, form, flow.get(), user))
                        : Verified.of(user, null));
    }

    static Response resend(Call call) {
        return send(call, Purpose.VERIFY_EMAIL);
    }

    /** Sends a code to the user of an address, if there is one. The answer is the same for every address. */
    static Response send(Call call, Purpose purpose) {
        Fields fields = call.fields();
        fields.allow(
                purpose == Purpose.VERIFY_EMAIL ? SignIn.withClient("email", Proof.TOKEN) : SignIn.withClient("email"));
        String email = fields.requiredText("email");
        Optional<String> token = fields.secret(Proof.TOKEN).filter(text -> !text.isEmpty());
        if (!token.map(text -> RegistrationToken.isFor(call.session(), text, email))
                .orElse(true)) {
            fields.refuse(Proof.TOKEN, Proof.NOT_VALID);
        }
        // Keycloak reports a refused client as an error of this event
        call.event()
                .event(purpose == Purpose.VERIFY_EMAIL ? EventType.SEND_VERIFY_EMAIL : EventType.SEND_RESET_PASSWORD);
        ClientAuthentication.forPasswords(call, fields);
        fields.check();
        call.session()
                .getProvider(EmailCodes.class)
                .sendLater(
                        call.realm(),
                        purpose,
                        token.isPresent() ? Requester.ACCOUNT_HOLDER : Requester.ANONYMOUS,
                        email);
        return Answers.accepted();
    }

    /**
     * The user whose code this is. The code is not used up.
     *
     * @throws ProblemException the same for an unknown address, a locked account, a wrong code and an expired one
     */
    private static UserModel codeOwner(Call call, String email, String code) {
        UserModel user = user(call, email);
        EmailCodes codes = call.session().getProvider(EmailCodes.class);
        String locked = user == null ? null : lockOf(call, user);
        if (user != null && locked != null) {
            // Checked as for an unknown user: a locked account counts no guess and signs nobody in, with a correct code
            // either
            codes.check(call.realm(), null, Purpose.VERIFY_EMAIL, code);
            call.event().user(user).error(locked);
            throw ProblemException.of(ProblemType.INVALID_CODE);
        }
        return accepted(call, user, codes.check(call.realm(), user, Purpose.VERIFY_EMAIL, code));
    }

    private static @Nullable String lockOf(Call call, UserModel user) {
        return AuthenticatorUtils.getDisabledByBruteForceEventError(
                call.session().getProvider(BruteForceProtector.class), call.session(), call.realm(), user);
    }

    /**
     * Marks the address as verified, before its code is used up.
     *
     * @throws ProblemException if the user's storage is read-only
     */
    static void markVerified(Call call, UserModel user) {
        if (user.isEmailVerified()) {
            return;
        }
        try {
            user.setEmailVerified(true);
        } catch (ReadOnlyException e) {
            call.event().user(user).detail(Details.REASON, "read-only storage").error(Errors.NOT_ALLOWED);
            throw ProblemException.of(ProblemType.FORBIDDEN, "The account is kept where nothing can be changed");
        }
    }

    /**
     * Uses up a code that was correct when it was checked.
     *
     * @throws ProblemException if another request has used it up in the meantime; this request is then rolled back
     */
    static void redeem(Call call, UserModel user, Purpose purpose, String code) {
        Verdict verdict = call.session().getProvider(EmailCodes.class).redeem(call.realm(), user, purpose, null, code);
        if (verdict != Verdict.ACCEPTED) {
            call.session().getTransactionManager().setRollbackOnly();
        }
        accepted(call, user, verdict);
    }

    /**
     * The user, if there is one and the code was correct.
     *
     * @throws ProblemException the same for an unknown address, a wrong code and an expired one
     */
    static UserModel accepted(Call call, @Nullable UserModel user, Verdict verdict) {
        if (user == null || verdict != Verdict.ACCEPTED) {
            if (user != null) {
                call.event().user(user);
            }
            call.event().error(Errors.INVALID_CODE);
            throw ProblemException.of(ProblemType.INVALID_CODE);
        }
        return user;
    }

    /** The enabled user with this address; null if there is none. */
    static @Nullable UserModel user(Call call, String email) {
        UserModel user = Mailboxes.owner(call.session(), call.realm(), email);
        return user != null && user.isEnabled() && user.getServiceAccountClientLink() == null ? user : null;
    }

    /**
     * A verified address.
     *
     * @param passwordRequired whether the account has no password, so that one must be set before a sign-in by password
     * @param tokens null if the user is not signed in
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Verified(
            boolean emailVerified,
            boolean passwordRequired,
            @JsonUnwrapped @Nullable TokenAnswer tokens) {

        static Verified of(UserModel user, @Nullable TokenAnswer tokens) {
            return new Verified(true, !user.credentialManager().isConfiguredFor(PasswordCredentialModel.TYPE), tokens);
        }
    }
}
