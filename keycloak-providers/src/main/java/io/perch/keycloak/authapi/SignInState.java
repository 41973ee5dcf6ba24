package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The state of a refused sign-in. Keycloak keeps its authentication session in the context. */
final class SignInState {

    private final @Nullable AuthenticationSessionModel login;

    private SignInState(@Nullable AuthenticationSessionModel login) {
        this.login = login;
    }

    /** The state of the sign-in that this request has just tried. */
    static SignInState of(Call call) {
        return new SignInState(call.session().getContext().getAuthenticationSession());
    }

    /** The required actions that remain, of the user and of the sign-in. A sign-in may have actions that the user does not have. */
    List<String> actions() {
        return login == null || login.getAuthenticatedUser() == null ? List.of() : FlowGrant.actions(login);
    }

    /** Whether the password was correct and only the code of an authenticator app was missing. */
    boolean lacksSecondFactor(MultivaluedMap<String, String> form) {
        return login != null
                && "true".equals(login.getAuthNote(AuthenticationManager.PASSWORD_VALIDATED))
                && !form.containsKey(SignIn.OTP)
                && hasSecondFactor();
    }

    /** Whether the user has an authenticator app. */
    boolean hasSecondFactor() {
        UserModel user = login == null ? null : login.getAuthenticatedUser();
        return user != null && user.credentialManager().isConfiguredFor(OTPCredentialModel.TYPE);
    }
}
