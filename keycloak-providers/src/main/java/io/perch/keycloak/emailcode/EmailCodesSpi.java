package io.perch.keycloak.emailcode;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** The SPI {@code email-code}: its options are {@code --spi-email-code--default--<option>}. */
public final class EmailCodesSpi implements Spi {

    /** The SPI's name in options and in the admin console. */
    public static final String NAME = "email-code";

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
        return EmailCodes.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // the signature is Keycloak's
    public Class<? extends ProviderFactory> getProviderFactoryClass() {
        return EmailCodesFactory.class;
    }
}
