package io.perch.keycloak.unique;

import jakarta.persistence.LockTimeoutException;
import jakarta.persistence.PessimisticLockException;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.ModelException;

/** Detects names and addresses that a concurrent request has taken, by the unique keys of the database. */
public final class UniqueKeys {

    private UniqueKeys() {}

    /**
     * Flushes the changes, so that the database refuses a duplicate now. At the commit it would be too late, because the answer is
     * written before.
     *
     * @throws ModelException if the database refuses the changes, see {@link #isTaken}
     */
    public static void check(KeycloakSession session) {
        session.getProvider(JpaConnectionProvider.class).getEntityManager().flush();
    }

    /** Whether the reason is a name or address that is taken, or that a running transaction has locked. */
    public static boolean isTaken(ModelException e) {
        return Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof ModelDuplicateException
                        || cause instanceof PessimisticLockException
                        || cause instanceof LockTimeoutException);
    }
}
