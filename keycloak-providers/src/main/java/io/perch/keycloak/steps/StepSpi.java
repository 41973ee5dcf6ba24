package io.perch.keycloak.steps;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** The SPI {@code perch-step}. The option {@code --spi-perch-step--<id>--enabled=false} switches a provider off. */
public final class StepSpi implements Spi {

    /** The SPI's name in options and in the admin console. */
    public static final String NAME = "perch-step";

    @Override
    public boolean isInternal() {
        return false;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return StepProvider.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // the signature is Keycloak's
    public Class<? extends ProviderFactory> getProviderFactoryClass() {
        return StepProviderFactory.class;
    }
}
