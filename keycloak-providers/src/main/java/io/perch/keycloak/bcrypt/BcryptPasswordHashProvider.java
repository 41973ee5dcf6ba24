package io.perch.keycloak.bcrypt;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Checks passwords against {@link BcryptHash}; what it would have to write, Keycloak's default algorithm writes. */
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
            // Without the value, which may be anything
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

    // A realm whose policy names bcrypt for its algorithm gets Keycloak's default too, rather than users without
    // passwords
    @Override
    public boolean policyCheck(PasswordPolicy policy, PasswordCredentialModel credential) {
        return writing().policyCheck(policy, credential);
    }

    @Override
    public PasswordCredentialModel encodedCredential(String rawPassword, int iterations) {
        return writing().encodedCredential(rawPassword, iterations);
    }

    @Override
    public String credentialHashingStrength(PasswordCredentialModel credential) {
        return hash(credential).map(BcryptHash::toString).orElse("unreadable");
    }

    private PasswordHashProvider writing() {
        return session.getProvider(PasswordHashProvider.class);
    }

    private static Optional<BcryptHash> hash(PasswordCredentialModel credential) {
        return Optional.ofNullable(credential.getPasswordSecretData().getValue())
                .flatMap(BcryptHash::parse);
    }

    @Override
    public void close() {}
}
