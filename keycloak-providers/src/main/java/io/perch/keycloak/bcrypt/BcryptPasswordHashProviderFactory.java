package io.perch.keycloak.bcrypt;

import java.util.List;
import java.util.concurrent.Semaphore;
import org.keycloak.Config;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.PasswordHashProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The algorithm {@code bcrypt} of password credentials. */
public final class BcryptPasswordHashProviderFactory implements PasswordHashProviderFactory {

    /** The algorithm's name in credentials. */
    public static final String PROVIDER_ID = "bcrypt";

    private static final String CPU_CORES = "cpu-cores";

    private Semaphore cores = new Semaphore(1);

    /** The credential to store for a hash. The hash contains its own cost, so the credential's iterations are not used. */
    public static PasswordCredentialModel credential(String hash) {
        return PasswordCredentialModel.createFromValues(PROVIDER_ID, new byte[0], 1, hash);
    }

    @Override
    public PasswordHashProvider create(KeycloakSession session) {
        return new BcryptPasswordHashProvider(session, cores);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    // Each hash uses one core. More hashes at a time than cores would only slow down everything else
    @Override
    public void init(Config.Scope config) {
        int number = config.getInt(CPU_CORES, Runtime.getRuntime().availableProcessors());
        if (number < 1) {
            throw new IllegalArgumentException(
                    "spi-password-hashing--bcrypt--" + CPU_CORES + " must be at least 1, is " + number);
        }
        cores = new Semaphore(number);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        if (factory.getProviderFactory(PasswordHashProvider.class) == this) {
            throw new IllegalStateException(
                    "spi-password-hashing--provider-default must not be " + PROVIDER_ID + ": it writes no hashes");
        }
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(CPU_CORES)
                .type("int")
                .helpText("How many bcrypt hashes are computed at the same time. If empty, the number of cores")
                .add()
                .build();
    }

    /** Lower than the order of Keycloak's own algorithms, so that this one never becomes the default. */
    @Override
    public int order() {
        return -100;
    }

    @Override
    public void close() {}
}
