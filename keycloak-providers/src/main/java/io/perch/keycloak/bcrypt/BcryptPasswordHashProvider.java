package io.perch.keycloak.bcrypt;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Verifies passwords with {@link BcryptHash}. New hashes are written by Keycloak's default algorithm. */
final class BcryptPasswordHashProvider implements PasswordHashProvider {

    private static final Logger LOG = Logger.getLogger(BcryptPasswordHashProvider.class);

    private final KeycloakSession session;
    private final Semaphore cores;

    BcryptPasswordHashProvider(KeycloakSession session, Semaphore cores) {
        this.session = session;
        this.cores = cores;
    }

    @Override
    public boolean verify(String rawPassword, PasswordCredentialModel credential) {
        Optional<BcryptHash> hash = hash(credential);
        if (hash.isEmpty()) {
            // The value is not logged, because it may contain anything
            LOG.warnf("bcrypt_hash_unreadable credential_id=%s", credential.getId());
            return false;
        }
        try {
            cores.acquire();
            try {
                return hash.get().matches(rawPassword);
            } finally {
                cores.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // If a realm's policy names bcrypt as the algorithm, Keycloak's default is used too. Otherwise users would get no
    // password
    @Override
    public boolean policyCheck(PasswordPolicy policy, PasswordCredentialModel credential) {
        return defaultProvider().policyCheck(policy, credential);
    }

    @Override
    public PasswordCredentialModel encodedCredential(String rawPassword, int iterations) {
        return defaultProvider().encodedCredential(rawPassword, iterations);
    }

    @Override
    public String credentialHashingStrength(PasswordCredentialModel credential) {
        return hash(credential).map(BcryptHash::toString).orElse("unreadable");
    }

    private PasswordHashProvider defaultProvider() {
        return session.getProvider(PasswordHashProvider.class);
    }

    private static Optional<BcryptHash> hash(PasswordCredentialModel credential) {
        return Optional.ofNullable(credential.getPasswordSecretData().getValue())
                .flatMap(BcryptHash::parse);
    }

    @Override
    public void close() {}
}
