package io.perch.keycloak.firstparty;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;

/**
 * Lets a client policy demand a new sign-in of first-party clients that refresh their tokens: {@link StepUpExecutor}.
 */
public final class StepUpExecutorFactory implements ClientPolicyExecutorProviderFactory {

    /** The provider's id, which a client profile names. */
    public static final String PROVIDER_ID = "perch-first-party-step-up";

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public StepUpExecutor create(KeycloakSession session) {
        return new StepUpExecutor(session);
    }

    @Override
    public String getHelpText() {
        return "Refuses a refresh of a first-party client if the sign-in is too old or below the client's minimum ACR value. The"
                + " answer is 403 insufficient_authorization. The app can then sign the user in again.";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(StepUpConfiguration.MAX_AGE)
                .label("Maximum age of a sign-in")
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("Seconds after a sign-in (auth_time) in which tokens can be refreshed. 0 for no limit.")
                .defaultValue(0)
                .add()
                .build();
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
