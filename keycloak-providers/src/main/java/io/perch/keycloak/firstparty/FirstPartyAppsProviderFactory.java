package io.perch.keycloak.firstparty;

import io.perch.keycloak.budget.HourlyBudget;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves the authorization challenge endpoint at {@code /realms/{realm}/authorization-challenge}. */
public final class FirstPartyAppsProviderFactory implements RealmResourceProviderFactory {

    /** The provider's id, which is the endpoint's path segment too. */
    public static final String PROVIDER_ID = "authorization-challenge";

    private static final String ENABLED = "enabled";
    private static final String BODY_LIMIT = "body-limit";
    private static final String LOOK_UP_BUDGET = "look-up-budget";
    private static final String LOOPBACK_EXEMPT = "loopback-exempt";

    private static final int DEFAULT_BODY_LIMIT = 16 * 1024;
    private static final int DEFAULT_LOOK_UP_BUDGET = 100;

    private Settings settings = settings(true, DEFAULT_BODY_LIMIT, DEFAULT_LOOK_UP_BUDGET, false);

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {
        settings = settings(
                config.getBoolean(ENABLED, true),
                positive(config, BODY_LIMIT, DEFAULT_BODY_LIMIT),
                positive(config, LOOK_UP_BUDGET, DEFAULT_LOOK_UP_BUDGET),
                config.getBoolean(LOOPBACK_EXEMPT, false));
    }

    private static Settings settings(boolean enabled, int bodyLimit, int budget, boolean loopbackExempt) {
        return new Settings(enabled, bodyLimit, new HourlyBudget(budget), new HourlyBudget(budget), loopbackExempt);
    }

    private static int positive(Config.Scope config, String option, int otherwise) {
        int value = config.getInt(option, otherwise);
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "spi-realm-restapi-extension--" + PROVIDER_ID + "--" + option + " must be greater than 0");
        }
        return value;
    }

    boolean isEnabled() {
        return settings.enabled();
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(ENABLED)
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .helpText("Whether clients can use the endpoint. A client can use it if its attribute "
                        + FirstPartyClient.ATTRIBUTE + " is true.")
                .defaultValue(true)
                .add()
                .property()
                .name(BODY_LIMIT)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("The largest size of all parameters of a request, in characters.")
                .defaultValue(DEFAULT_BODY_LIMIT)
                .add()
                .property()
                .name(LOOK_UP_BUDGET)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText(
                        "Steps in an hour from one network address that can show whether somebody has an account, on each"
                                + " node: user names without a password, profiles, and entries of other extensions' steps. It is"
                                + " also the number of authorization requests that are kept for a browser.")
                .defaultValue(DEFAULT_LOOK_UP_BUDGET)
                .add()
                .property()
                .name(LOOPBACK_EXEMPT)
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .helpText("Whether requests from this machine are not counted. For development only.")
                .defaultValue(false)
                .add()
                .build();
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new FirstPartyAppsProvider(session, settings);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
