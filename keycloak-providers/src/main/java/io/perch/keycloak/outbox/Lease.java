package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.UUID;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * A lease in the database: one node at a time does a task. It expires by the database's clock. The holder measures the time with
 * its own monotonic clock, from before its request, and treats the lease as expired two seconds earlier. Not thread-safe.
 */
final class Lease {

    private static final long MARGIN = Duration.ofSeconds(2).toNanos();

    private final KeycloakSessionFactory sessions;
    private final String task;
    private final int seconds;
    private final String owner = UUID.randomUUID().toString();

    private boolean held;
    private long requestedAt;
    private long era;
    private long heldTerm;

    Lease(KeycloakSessionFactory sessions, String task, int seconds) {
        this.sessions = sessions;
        this.task = task;
        this.seconds = seconds;
    }

    /** Acquires or renews the lease, and returns whether this node holds it. Uses the database only after a third of the time. */
    boolean hold() {
        long now = System.nanoTime();
        long length = Duration.ofSeconds(seconds).toNanos();
        if (held && now - requestedAt < length / 3) {
            return true;
        }
        try {
            boolean acquired = inTransaction(this::acquire);
            held = acquired;
            requestedAt = now;
        } catch (RuntimeException e) {
            // The database is not available for the moment. This node still holds the lease until it expires
            if (!isHeld()) {
                throw e;
            }
        }
        return isHeld();
    }

    /** Whether this node holds the lease and it has not expired. Does not use the database. */
    boolean isHeld() {
        held = held
                && System.nanoTime() - requestedAt < Duration.ofSeconds(seconds).toNanos() - MARGIN;
        return held;
    }

    /** Releases the lease, so that another node can acquire it at once. */
    void release() {
        if (held) {
            held = false;
            inTransaction(entities -> entities.createQuery(
                                    "update PerchOutboxLease l set l.endsAt = 0 where l.id = :task and l.owner = :owner")
                            .setParameter("task", task)
                            .setParameter("owner", owner)
                            .executeUpdate()
                    == 1);
        }
    }

    /** The era, see {@link LeaseRow}. It is valid once the lease was held. */
    long era() {
        return era;
    }

    /** A number that is greater each time another node has had the lease in between. It is valid once the lease was held. */
    long term() {
        return heldTerm;
    }

    private boolean acquire(EntityManager entities) {
        Object[] row = entities.createQuery(
                        "select l.owner, l.term, l.endsAt, l.era, extract(epoch from current_timestamp)"
                                + " from PerchOutboxLease l where l.id = :task",
                        Object[].class)
                .setParameter("task", task)
                .getSingleResult();
        long term = (Long) row[1];
        long endsAt = (Long) row[2];
        long now = ((Number) row[4]).longValue();
        boolean isOurs = owner.equals(row[0]);
        if (!isOurs && endsAt >= now) {
            return false;
        }
        era = (Long) row[3] == 0 ? now / 60 : (Long) row[3];
        heldTerm = isOurs ? term : term + 1;
        return entities.createQuery("update PerchOutboxLease l"
                                + " set l.owner = :owner, l.term = :next, l.endsAt = :end, l.era = :era"
                                + " where l.id = :task and l.term = :term and l.endsAt = :ends")
                        .setParameter("owner", owner)
                        .setParameter("next", heldTerm)
                        .setParameter("end", now + seconds)
                        .setParameter("era", era)
                        .setParameter("task", task)
                        .setParameter("term", term)
                        .setParameter("ends", endsAt)
                        .executeUpdate()
                == 1;
    }

    private boolean inTransaction(java.util.function.Predicate<EntityManager> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                sessions,
                session -> work.test(
                        session.getProvider(JpaConnectionProvider.class).getEntityManager()));
    }
}
