package io.perch.keycloak.authapi;

import java.util.List;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ModelException;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PolicyError;
import org.keycloak.storage.ReadOnlyException;

/**
 * Sets the password of the member {@code new_password}. It applies the realm's policy and sends the events of Keycloak's own page.
 */
final class NewPassword {

    static final String MEMBER = "new_password";

    private NewPassword() {}

    /**
     * Sets the password.
     *
     * @throws ProblemException if the policy refuses it, or the user's storage is read-only
     */
    // UPDATE_PASSWORD is deprecated. Keycloak's page sends both events, because listeners may use the old one
    @SuppressWarnings("deprecation")
    static void set(Call call, UserModel user, String password) {
        EventBuilder event = event(call, EventType.UPDATE_CREDENTIAL, user);
        EventBuilder deprecated = event(call, EventType.UPDATE_PASSWORD, user);
        try {
            user.credentialManager().updateCredential(UserCredentialModel.password(password, false));
            event.success();
            deprecated.success();
        } catch (ReadOnlyException e) {
            event.detail(Details.REASON, "read-only storage").error(Errors.NOT_ALLOWED);
            deprecated.detail(Details.REASON, "read-only storage").error(Errors.NOT_ALLOWED);
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, "The account's password is kept where it cannot be changed");
        } catch (ModelException e) {
            event.detail(Details.REASON, e.getMessage()).error(Errors.PASSWORD_REJECTED);
            deprecated.detail(Details.REASON, e.getMessage()).error(Errors.PASSWORD_REJECTED);
            String detail = UserMessages.of(call.session(), user).of(e);
            throw ProblemException.of(List.of(FieldError.of(MEMBER, detail)));
        }
    }

    /**
     * Checks a password by the realm's policy.
     *
     * @throws ProblemException if the policy refuses it
     */
    static void checkPolicy(Call call, UserModel user, String password) {
        PolicyError error =
                call.session().getProvider(PasswordPolicyManagerProvider.class).validate(call.realm(), user, password);
        if (error != null) {
            String detail = UserMessages.of(call.session(), user).of(error.getMessage(), error.getParameters());
            throw ProblemException.of(List.of(FieldError.of(MEMBER, detail)));
        }
    }

    private static EventBuilder event(Call call, EventType type, UserModel user) {
        return call.event()
                .clone()
                .event(type)
                .user(user)
                .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE);
    }
}
