package io.perch.keycloak.authapi;

import io.perch.keycloak.budget.HourlyBudget;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves the auth API below {@code /realms/{realm}/auth-api}, in the realms whose attributes turn it on. */
public final class AuthApiProviderFactory implements RealmResourceProviderFactory {

    /** The provider's id, which is the API's path segment too. */
    public static final String PROVIDER_ID = "auth-api";

    private static final String ENABLED = "enabled";
    private static final String DEFAULT_CLIENT = "default-client";
    private static final String BODY_LIMIT = "body-limit";
    private static final String FRESH_SIGN_IN = "fresh-sign-in";

    private static final String REGISTRATION_BUDGET = "registration-budget";

    private static final String LOOPBACK_EXEMPT = "loopback-exempt";
    private static final String ANSWER_TIME = "answer-time";

    private static final int DEFAULT_BODY_LIMIT = 16 * 1024;
    private static final int DEFAULT_FRESH_SIGN_IN = 600;

    private static final int DEFAULT_REGISTRATION_BUDGET = 30;
    private static final int DEFAULT_ANSWER_TIME = 20;
    private static final int MAX_ANSWER_TIME = 5_000;

    private Settings settings = new Settings(
            true,
            null,
            DEFAULT_BODY_LIMIT,
            DEFAULT_FRESH_SIGN_IN,
            new HourlyBudget(DEFAULT_REGISTRATION_BUDGET),
            false,
            DEFAULT_ANSWER_TIME,
            new NameLocks());

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {
        settings = new Settings(
                config.getBoolean(ENABLED, true),
                config.get(DEFAULT_CLIENT),
                positive(config, BODY_LIMIT, DEFAULT_BODY_LIMIT),
                positive(config, FRESH_SIGN_IN, DEFAULT_FRESH_SIGN_IN),
                new HourlyBudget(positive(config, REGISTRATION_BUDGET, DEFAULT_REGISTRATION_BUDGET)),
                config.getBoolean(LOOPBACK_EXEMPT, false),
                answerTime(config),
                new NameLocks());
    }

    private static int positive(Config.Scope config, String option, int defaultValue) {
        int value = config.getInt(option, defaultValue);
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "spi-realm-restapi-extension--" + PROVIDER_ID + "--" + option + " must be greater than 0");
        }
        return value;
    }

    private static int answerTime(Config.Scope config) {
        int value = config.getInt(ANSWER_TIME, DEFAULT_ANSWER_TIME);
        if (value < 0 || value > MAX_ANSWER_TIME) {
            throw new IllegalArgumentException("spi-realm-restapi-extension--" + PROVIDER_ID + "--" + ANSWER_TIME
                    + " must be from 0 to " + MAX_ANSWER_TIME);
        }
        return value;
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(ENABLED)
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .helpText("Whether realms can have the auth API. A realm has it if its attribute " + Settings.ENABLED
                        + " is true. Without this attribute it has it if it has the attribute "
                        + Settings.DEFAULT_CLIENT
                        + ".")
                .defaultValue(true)
                .add()
                .property()
                .name(DEFAULT_CLIENT)
                .type(ProviderConfigProperty.STRING_TYPE)
                .helpText("Client ID for requests without a client, in realms without the attribute "
                        + Settings.DEFAULT_CLIENT + ".")
                .add()
                .property()
                .name(BODY_LIMIT)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("The largest size of a request body in bytes.")
                .defaultValue(DEFAULT_BODY_LIMIT)
                .add()
                .property()
                .name(FRESH_SIGN_IN)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText(
                        "Seconds after a sign-in in which a user may change the e-mail address or delete the account.")
                .defaultValue(DEFAULT_FRESH_SIGN_IN)
                .add()
                .property()
                .name(REGISTRATION_BUDGET)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText(
                        "Registrations in an hour from one network address, and changes of an e-mail address in an hour by"
                                + " one user, on each node. Both show whether an address is taken.")
                .defaultValue(DEFAULT_REGISTRATION_BUDGET)
                .add()
                .property()
                .name(LOOPBACK_EXEMPT)
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .helpText(
                        "Whether registrations from this machine are not counted. For development only: behind a proxy on"
                                + " the same machine, no registration would be counted.")
                .defaultValue(false)
                .add()
                .property()
                .name(ANSWER_TIME)
                .type(ProviderConfigProperty.INTEGER_TYPE)
                .helpText("Milliseconds after which codes by e-mail and wrong codes are answered, 0 to "
                        + MAX_ANSWER_TIME + ". So the time does not show who has an account.")
                .defaultValue(DEFAULT_ANSWER_TIME)
                .add()
                .build();
    }

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new AuthApiProvider(session, settings);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
