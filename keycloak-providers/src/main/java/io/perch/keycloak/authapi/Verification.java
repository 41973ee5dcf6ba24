package io.perch.keycloak.authapi;

import io.perch.keycloak.emailcode.EmailCodes;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.services.managers.BruteForceProtector;

/** {@code /verify-email} and {@code /resend-verification}: proving that an address is the user's. */
final class Verification {

    private Verification() {}

    static Response verify(Call call) {
        Fields fields = call.fields();
        fields.allow(SignIn.withClient("email", "code"));
        String email = fields.requiredText("email");
        String code = fields.requiredText("code");
        call.event().event(EventType.VERIFY_EMAIL);
        ClientAuthentication client = ClientAuthentication.forPasswords(call, fields);
        fields.check();
        UserModel user = redeem(call, email, code);
        user.setEmailVerified(true);
        TokenRequest.addressIsVerified(user);
        call.event().user(user).success();
        if (user.credentialManager().isConfiguredFor(OTPCredentialModel.TYPE)) {
            // The code stands for a mailbox, not for a second factor: this user signs in by /login
            return Answers.done();
        }
        return Answers.ok(CodeSignIn.signIn(call, client, user));
    }

    static Response resend(Call call) {
        return send(call, EmailCodes.Purpose.VERIFY_EMAIL);
    }

    /** Sends a code to whom it may concern; the answer is the same for everyone. */
    static Response send(Call call, EmailCodes.Purpose purpose) {
        Fields fields = call.fields();
        fields.allow(SignIn.withClient("email"));
        String email = fields.requiredText("email");
        ClientAuthentication.forPasswords(call, fields);
        fields.check();
        call.session()
                .getProvider(EmailCodes.class)
                .sendLater(call.realm(), purpose, EmailCodes.Requester.ANONYMOUS, email);
        return Answers.accepted();
    }

    /**
     * The user whose code this is; it is used up.
     *
     * @throws ProblemException the same for an unknown address, a locked account, a wrong code and one that is no longer
     *     good
     */
    private static UserModel redeem(Call call, String email, String code) {
        UserModel user = user(call, email);
        call.event().detail(Details.EMAIL, email);
        EmailCodes codes = call.session().getProvider(EmailCodes.class);
        String locked = user == null ? null : lockOf(call, user);
        if (user != null && locked != null) {
            // As for nobody: a locked account counts no guess and signs nobody in, be the code right or wrong
            codes.redeem(call.realm(), null, EmailCodes.Purpose.VERIFY_EMAIL, null, code);
            call.event().user(user).error(locked);
            throw ProblemException.of(ProblemType.INVALID_CODE);
        }
        return accepted(call, user, codes.redeem(call.realm(), user, EmailCodes.Purpose.VERIFY_EMAIL, null, code));
    }

    private static @Nullable String lockOf(Call call, UserModel user) {
        return AuthenticatorUtils.getDisabledByBruteForceEventError(
                call.session().getProvider(BruteForceProtector.class), call.session(), call.realm(), user);
    }

    /**
     * The user, where there is one and the code was right.
     *
     * @throws ProblemException the same for an unknown address, a wrong code and one that is no longer good
     */
    static UserModel accepted(Call call, @Nullable UserModel user, EmailCodes.Verdict verdict) {
        if (user == null || verdict != EmailCodes.Verdict.ACCEPTED) {
            if (user != null) {
                call.event().user(user);
            }
            call.event().error(Errors.INVALID_CODE);
            throw ProblemException.of(ProblemType.INVALID_CODE);
        }
        return user;
    }

    /** The enabled user with this address. */
    static @Nullable UserModel user(Call call, String email) {
        UserModel user = call.session().users().getUserByEmail(call.realm(), email.strip());
        return user != null && user.isEnabled() && user.getServiceAccountClientLink() == null ? user : null;
    }
}
