package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.UUID;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Sees to it that one node at a time does a work. It runs out by the database's clock; the holder goes by its own stopwatch,
 * started before it asked, and lets go two seconds earlier. To be used by one thread.
 */
final class Lease {

    private static final long MARGIN = Duration.ofSeconds(2).toNanos();

    private final KeycloakSessionFactory sessions;
    private final String work;
    private final int seconds;
    private final String owner = UUID.randomUUID().toString();

    private boolean held;
    private long asked;
    private long era;

    Lease(KeycloakSessionFactory sessions, String work, int seconds) {
        this.sessions = sessions;
        this.work = work;
        this.seconds = seconds;
    }

    /** Whether this node has it, for a while at least; asks the database when a third of the time is over. */
    boolean hold() {
        long now = System.nanoTime();
        long length = Duration.ofSeconds(seconds).toNanos();
        if (held && now - asked < length / 3) {
            return true;
        }
        try {
            boolean got = inTransaction(this::take);
            held = got;
            asked = now;
        } catch (RuntimeException e) {
            // The database is away for a moment: what is left of the lease is still ours
            if (!isHeld()) {
                throw e;
            }
        }
        return isHeld();
    }

    /** Whether it has not run out yet, without asking the database. */
    boolean isHeld() {
        held = held && System.nanoTime() - asked < Duration.ofSeconds(seconds).toNanos() - MARGIN;
        return held;
    }

    /** Lets another node have it at once. */
    void release() {
        if (held) {
            held = false;
            inTransaction(entities -> entities.createQuery(
                                    "update PerchOutboxLease l set l.endsAt = 0 where l.id = :work and l.owner = :owner")
                            .setParameter("work", work)
                            .setParameter("owner", owner)
                            .executeUpdate()
                    == 1);
        }
    }

    /** See {@link LeaseRow}; known once the lease is held. */
    long era() {
        return era;
    }

    private boolean take(EntityManager entities) {
        Object[] row = entities.createQuery(
                        "select l.owner, l.term, l.endsAt, l.era, extract(epoch from current_timestamp)"
                                + " from PerchOutboxLease l where l.id = :work",
                        Object[].class)
                .setParameter("work", work)
                .getSingleResult();
        long term = (Long) row[1];
        long endsAt = (Long) row[2];
        long now = ((Number) row[4]).longValue();
        boolean isOurs = owner.equals(row[0]);
        if (!isOurs && endsAt >= now) {
            return false;
        }
        era = (Long) row[3] == 0 ? now / 60 : (Long) row[3];
        return entities.createQuery("update PerchOutboxLease l"
                                + " set l.owner = :owner, l.term = :next, l.endsAt = :end, l.era = :era"
                                + " where l.id = :work and l.term = :term and l.endsAt = :ends")
                        .setParameter("owner", owner)
                        .setParameter("next", isOurs ? term : term + 1)
                        .setParameter("end", now + seconds)
                        .setParameter("era", era)
                        .setParameter("work", work)
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
