package io.perch.keycloak.emailcode;

import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;

/** The authenticator {@code reset-password-code}, for a reset credentials flow. It replaces Keycloak's own, which sends a link. */
public final class ResetPasswordCodeFactory extends CodeAuthenticatorFactory {

    /** The authenticator's name in flows. */
    public static final String PROVIDER_ID = "reset-password-code";

    /** Called by Keycloak. */
    public ResetPasswordCodeFactory() {
        super(
                PROVIDER_ID,
                "Send Reset Code",
                "Sends a code to the user of the entered name or address, if there is one, and asks for the code.",
                Requirement.REQUIRED);
    }

    @Override
    public Authenticator create(KeycloakSession session) {
        return new ResetPasswordCode(session.getProvider(EmailCodes.class));
    }
}
