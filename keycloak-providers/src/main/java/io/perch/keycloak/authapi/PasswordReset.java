package io.perch.keycloak.authapi;

import io.perch.keycloak.emailcode.EmailCodes;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.MailedCode;
import io.perch.keycloak.emailcode.UnprovenAccess;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;

/** {@code /forgot-password} and {@code /reset-password}. */
final class PasswordReset {

    /** The length of a token with the longest address and a code, in Base64. */
    private static final int MAX_TOKEN = 512;

    private PasswordReset() {}

    static Response forgot(Call call) {
        requireAllowed(call);
        return Verification.send(call, Purpose.RESET_PASSWORD);
    }

    static Response reset(Call call) {
        requireAllowed(call);
        Fields fields = call.fields();
        fields.allow(SignIn.withClient("email", "code", "token", NewPassword.MEMBER));
        MailedCode mailed = mailedCode(fields);
        String email = mailed.email();
        String code = mailed.code();
        String password = fields.requiredSecret(NewPassword.MEMBER);
        call.event().event(EventType.RESET_PASSWORD).detail(Details.EMAIL, email);
        ClientAuthentication.forPasswords(call, fields);
        fields.check();
        EmailCodes codes = call.session().getProvider(EmailCodes.class);
        @Nullable UserModel candidate = Verification.user(call, email);
        // The code must stay valid if the password cannot be set
        UserModel user = Verification.accepted(
                call, candidate, codes.check(call.realm(), candidate, Purpose.RESET_PASSWORD, code));
        NewPassword.checkPolicy(call, user, password);
        boolean first = !user.isEmailVerified();
        NewPassword.set(call, user, password);
        // The code proves that the user reads the mailbox
        Verification.markVerified(call, user);
        Verification.redeem(call, user, Purpose.RESET_PASSWORD, code);
        TokenRequest.addressIsVerified(user);
        user.removeRequiredAction(UserModel.RequiredAction.UPDATE_PASSWORD);
        call.event().user(user).success();
        if (first) {
            UnprovenAccess.removeAllButPassword(call.session(), call.realm(), user, call.event());
        } else {
            call.sessionsOf(user).end(call.event(), userSession -> true);
        }
        return Answers.done();
    }

    /**
     * Checks that the realm allows resets now. Codes from before it switched them off are still valid.
     *
     * @throws ProblemException if it does not
     */
    static void requireAllowed(Call call) {
        if (!call.realm().isResetPasswordAllowed()) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "Passwords are not reset in this realm");
        }
    }

    private static MailedCode mailedCode(Fields fields) {
        Optional<String> token = fields.secret("token");
        if (token.isEmpty()) {
            return new MailedCode(fields.requiredText("email"), fields.requiredText("code"));
        }
        if (fields.has("email") || fields.has("code")) {
            fields.refuse("token", "is too much beside email and code");
        }
        // An invalid token is answered like a wrong code
        return token.filter(text -> text.length() <= MAX_TOKEN)
                .flatMap(MailedCode::of)
                .filter(mailed -> Fields.isText(mailed.email()))
                .orElse(new MailedCode("", ""));
    }
}
