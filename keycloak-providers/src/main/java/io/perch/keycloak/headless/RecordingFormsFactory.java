package io.perch.keycloak.headless;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.forms.login.LoginFormsProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderFactory;

/**
 * Gives the pages' recorder to requests that run a flow without a browser, and Keycloak's pages, or those of another extension, to all
 * others. Its order makes it the default. When the server starts, it reads the steps that other extensions describe.
 */
public final class RecordingFormsFactory implements LoginFormsProviderFactory {

    private static final String PROVIDER_ID = "perch-headless";

    private @Nullable ProviderFactory<LoginFormsProvider> pages;
    private Steps steps = Steps.BUILT_IN;

    /** The steps that a server has; only the built-in ones where this provider is disabled. */
    static Steps steps(KeycloakSessionFactory factory) {
        return factory.getProviderFactory(LoginFormsProvider.class, PROVIDER_ID) instanceof RecordingFormsFactory own
                ? own.steps
                : Steps.BUILT_IN;
    }

    @Override
    public LoginFormsProvider create(KeycloakSession session) {
        LoginFormsProvider recorder = FormRecorder.installed(session);
        if (recorder != null) {
            return recorder;
        }
        if (pages == null) {
            throw new IllegalStateException("The server has no pages");
        }
        return pages.create(session);
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        pages = factory.getProviderFactoriesStream(LoginFormsProvider.class)
                .filter(other -> other != this)
                .<ProviderFactory<?>>map(other -> other)
                .max(Comparator.comparingInt(ProviderFactory::order))
                .map(RecordingFormsFactory::ofPages)
                .orElse(null);
        steps = ForeignSteps.of(factory);
    }

    @SuppressWarnings("unchecked") // a factory of this SPI makes nothing else
    private static ProviderFactory<LoginFormsProvider> ofPages(ProviderFactory<?> factory) {
        return (ProviderFactory<LoginFormsProvider>) factory;
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public int order() {
        return 1;
    }

    @Override
    public void close() {}
}
