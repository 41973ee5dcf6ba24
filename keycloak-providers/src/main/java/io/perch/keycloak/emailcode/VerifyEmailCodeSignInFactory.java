package io.perch.keycloak.emailcode;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;

/**
 * The authenticator {@code verify-email-code-sign-in}. It is the first step of the flow that issues tokens for the auth API's
 * {@code /verify-email}.
 */
public final class VerifyEmailCodeSignInFactory extends CodeAuthenticatorFactory {

    /** The authenticator's name in flows. */
    public static final String PROVIDER_ID = "verify-email-code-sign-in";

    /** Called by Keycloak. */
    public VerifyEmailCodeSignInFactory() {
        super(
                PROVIDER_ID,
                "Sign In by Verification Code",
                "Signs in the user who has proved the e-mail address by a code of the auth API. Only for the flow that the"
                        + " realm's attribute auth-api.verify-email-flow names. In other flows it refuses every user.",
                Requirement.REQUIRED);
    }

    @Override
    public Authenticator create(KeycloakSession session) {
        return new VerifyEmailCodeSignIn();
    }
}
