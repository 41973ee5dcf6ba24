package io.perch.keycloak.authapi;

import io.perch.keycloak.emailcode.EmailCodes;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.MailedCode;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PolicyError;

/** {@code /forgot-password} and {@code /reset-password}. */
final class PasswordReset {

    /** An address of the longest sort and a code, in Base64. */
    private static final int MAX_TOKEN = 512;

    private PasswordReset() {}

    static Response forgot(Call call) {
        if (!call.realm().isResetPasswordAllowed()) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "Passwords are not reset in this realm");
        }
        return Verification.send(call, Purpose.RESET_PASSWORD);
    }

    static Response reset(Call call) {
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
        // First what the policy says: a password that it refuses must not cost the code
        UserModel user = Verification.accepted(
                call, candidate, codes.check(call.realm(), candidate, Purpose.RESET_PASSWORD, code));
        checkPolicy(call, user, password);
        Verification.accepted(call, user, codes.redeem(call.realm(), user, Purpose.RESET_PASSWORD, null, code));
        NewPassword.set(call, user, password);
        // Who read the code reads the mailbox
        user.setEmailVerified(true);
        TokenRequest.addressIsVerified(user);
        user.removeRequiredAction(UserModel.RequiredAction.UPDATE_PASSWORD);
        call.event().user(user).success();
        new Sessions(call, user).end(userSession -> true);
        return Answers.done();
    }

    private static MailedCode mailedCode(Fields fields) {
        Optional<String> token = fields.secret("token");
        if (token.isEmpty()) {
            return new MailedCode(fields.requiredText("email"), fields.requiredText("code"));
        }
        if (fields.has("email") || fields.has("code")) {
            fields.refuse("token", "is too much beside email and code");
        }
        // What is no token is answered as a wrong code
        return token.filter(text -> text.length() <= MAX_TOKEN)
                .flatMap(MailedCode::of)
                .filter(mailed -> Fields.isText(mailed.email()))
                .orElse(new MailedCode("", ""));
    }

    private static void checkPolicy(Call call, UserModel user, String password) {
        PolicyError error =
                call.session().getProvider(PasswordPolicyManagerProvider.class).validate(call.realm(), user, password);
        if (error != null) {
            String detail = Wording.of(call.session(), user).of(error.getMessage(), error.getParameters());
            throw ProblemException.of(List.of(FieldError.of(NewPassword.MEMBER, detail)));
        }
    }
}
