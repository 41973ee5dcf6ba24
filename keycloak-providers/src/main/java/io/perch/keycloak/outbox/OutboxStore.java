package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** The rows as the relay sees them; every method is one short transaction. */
final class OutboxStore {

    /** Parameters of one statement; the same number each time, so that it is prepared once. */
    private static final int IDS = 250;

    /** So many rows are counted; of more it is enough to know about how many they are. */
    private static final int COUNTED = 10_000;

    /** Where the ids lie in more pieces than these, they are named one by one. */
    private static final int RANGES = 16;

    private final KeycloakSessionFactory sessions;

    OutboxStore(KeycloakSessionFactory sessions) {
        this.sessions = sessions;
    }

    /** The oldest rows, in their order. */
    List<OutboxRow> oldest(int limit) {
        return inTransaction(
                entities -> entities.createQuery("select r from PerchOutboxRow r order by r.id", OutboxRow.class)
                        .setMaxResults(limit)
                        .setHint("org.hibernate.readOnly", true)
                        .getResultList());
    }

    /**
     * How many rows wait, and since when the oldest one does.
     *
     * @param count exact up to {@link #COUNTED}; above that by the rows' numbers, some of which may be missing
     * @param oldest milliseconds since 1970; 0 where none waits
     */
    record Backlog(long count, long oldest) {}

    /** Asks for both ends of the primary key, so that it costs the same however many rows wait. */
    Backlog backlog() {
        return inTransaction(entities -> {
            Object[] ends = entities.createQuery("select min(r.id), max(r.id) from PerchOutboxRow r", Object[].class)
                    .getSingleResult();
            if (ends[0] == null) {
                return new Backlog(0, 0);
            }
            long first = (Long) ends[0];
            long span = (Long) ends[1] - first + 1;
            long count = span > COUNTED
                    ? span
                    : entities.createQuery("select count(r) from PerchOutboxRow r", Long.class)
                            .getSingleResult();
            List<Long> oldest = entities.createQuery(
                            "select r.createdAt from PerchOutboxRow r where r.id = :first", Long.class)
                    .setParameter("first", first)
                    .getResultList();
            // Gone meanwhile: then there is nothing that is old
            return new Backlog(count, oldest.isEmpty() ? Time.currentTimeMillis() : oldest.get(0));
        });
    }

    /** Removes what was set aside so long ago that nobody will look at it. */
    int forgetSetAside(long before) {
        return inTransaction(
                entities -> entities.createQuery("delete from PerchOutboxSetAside s where s.setAsideAt < :before")
                        .setParameter("before", before)
                        .executeUpdate());
    }

    /**
     * Removes rows.
     *
     * @param sent which Kafka has
     * @param refused which it will never take, with the reason; they are kept apart
     */
    void settle(List<OutboxRow> sent, Map<OutboxRow, String> refused) {
        if (sent.isEmpty() && refused.isEmpty()) {
            return;
        }
        inTransaction(entities -> {
            long now = Time.currentTimeMillis();
            refused.forEach((row, reason) -> entities.persist(new SetAsideRow(row, reason, now)));
            List<Long> gone = new ArrayList<>();
            sent.forEach(row -> gone.add(row.id()));
            refused.keySet().forEach(row -> gone.add(row.id()));
            gone.sort(null);
            delete(entities, gone);
            return gone.size();
        });
    }

    private static void delete(EntityManager entities, List<Long> ids) {
        List<long[]> ranges = ranges(ids);
        if (ranges.size() <= RANGES) {
            ranges.forEach(
                    range -> entities.createQuery("delete from PerchOutboxRow r where r.id between :from and :to")
                            .setParameter("from", range[0])
                            .setParameter("to", range[1])
                            .executeUpdate());
            return;
        }
        for (int i = 0; i < ids.size(); i += IDS) {
            List<Long> some = new ArrayList<>(ids.subList(i, Math.min(ids.size(), i + IDS)));
            while (some.size() < IDS) {
                some.add(some.get(0));
            }
            entities.createQuery("delete from PerchOutboxRow r where r.id in :ids")
                    .setParameter("ids", some)
                    .executeUpdate();
        }
    }

    // Only of numbers that follow each other: a gap may be a row that another node has yet to commit
    private static List<long[]> ranges(Collection<Long> ids) {
        List<long[]> ranges = new ArrayList<>();
        long @Nullable [] last = null;
        for (long id : ids) {
            if (last != null && id == last[1] + 1) {
                last[1] = id;
            } else {
                last = new long[] {id, id};
                ranges.add(last);
            }
        }
        return ranges;
    }

    private <T> T inTransaction(Function<EntityManager, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(
                sessions,
                session -> work.apply(
                        session.getProvider(JpaConnectionProvider.class).getEntityManager()));
    }
}
