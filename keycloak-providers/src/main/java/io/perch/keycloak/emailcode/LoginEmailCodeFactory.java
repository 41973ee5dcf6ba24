package io.perch.keycloak.emailcode;

import java.util.List;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderConfigProperty;

/** The authenticator {@code login-email-code}, for a second factor subflow of a browser flow. */
public final class LoginEmailCodeFactory extends CodeAuthenticatorFactory {

    /** The authenticator's name in flows. */
    public static final String PROVIDER_ID = "login-email-code";

    /** Called by Keycloak. */
    public LoginEmailCodeFactory() {
        super(
                PROVIDER_ID,
                "Email Code",
                "Asks for a code that is sent to the user's verified e-mail address.",
                Requirement.REQUIRED,
                Requirement.ALTERNATIVE,
                Requirement.DISABLED);
    }

    // With a configuration an administrator can also set the reference value for the claim amr (RFC 8176), which
    // Keycloak reads itself
    @Override
    public boolean isConfigurable() {
        return true;
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return CodeOptions.ofAuthenticators();
    }

    @Override
    public Authenticator create(KeycloakSession session) {
        return new LoginEmailCode(session.getProvider(EmailCodes.class));
    }
}
