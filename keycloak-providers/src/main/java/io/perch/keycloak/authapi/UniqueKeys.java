package io.perch.keycloak.authapi;

import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.PessimisticLockException;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.ModelException;

/** What the database says of names and addresses that another request took a moment ago. */
final class UniqueKeys {

    private UniqueKeys() {}

    /**
     * Writes what the request has changed, so that the database refuses it now and not at the commit, when the answer is made.
     *
     * @throws ModelException see {@link #isTaken}
     */
    static void check(KeycloakSession session) {
        session.getProvider(JpaConnectionProvider.class).getEntityManager().flush();
    }

    /** Whether a name or address is taken, or about to be: then its key is locked by another transaction. */
    static boolean isTaken(ModelException e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ModelDuplicateException
                        || cause instanceof PessimisticLockException
                        || cause instanceof LockTimeoutException);
    }
}
