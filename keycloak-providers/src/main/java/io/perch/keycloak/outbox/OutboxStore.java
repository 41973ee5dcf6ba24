package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
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

/** The relay's access to the rows. Each method is one short transaction. */
final class OutboxStore {

    /** Parameters of one delete statement. The number is always the same, so that the statement is prepared once. */
    private static final int IDS_PER_STATEMENT = 250;

    /** The largest backlog that is counted exactly. A larger one is estimated. */
    private static final int COUNT_LIMIT = 10_000;

    /** If the ids form more ranges than this, rows are deleted by id and not by range. */
    private static final int MAX_RANGES = 16;

    private final KeycloakSessionFactory sessions;

    OutboxStore(KeycloakSessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * The oldest rows, in their order.
     *
     * @param without ids of realms whose rows are left out
     */
    List<OutboxRow> oldest(int limit, List<String> without) {
        return inTransaction(entities -> {
            TypedQuery<OutboxRow> query = without.isEmpty()
                    ? entities.createQuery("select r from PerchOutboxRow r order by r.id", OutboxRow.class)
                    : entities.createQuery(
                                    "select r from PerchOutboxRow r"
                                            + " where r.realmId is null or r.realmId not in :without order by r.id",
                                    OutboxRow.class)
                            .setParameter("without", without);
            return query.setMaxResults(limit)
                    .setHint("org.hibernate.readOnly", true)
                    .getResultList();
        });
    }

    /**
     * The rows that wait to be sent.
     *
     * @param count exact up to {@link #COUNT_LIMIT}; above that estimated from the row numbers, which may have gaps
     * @param oldest when the oldest row was created, in milliseconds since 1970; 0 if there is none
     */
    record Backlog(long count, long oldest) {}

    /** Reads the two ends of the primary key, so that a large backlog does not make the query slower. */
    Backlog backlog() {
        return inTransaction(entities -> {
            Object[] ends = entities.createQuery("select min(r.id), max(r.id) from PerchOutboxRow r", Object[].class)
                    .getSingleResult();
            if (ends[0] == null) {
                return new Backlog(0, 0);
            }
            long first = (Long) ends[0];
            long span = (Long) ends[1] - first + 1;
            long count = span > COUNT_LIMIT
                    ? span
                    : entities.createQuery("select count(r) from PerchOutboxRow r", Long.class)
                            .getSingleResult();
            List<Long> oldest = entities.createQuery(
                            "select r.createdAt from PerchOutboxRow r where r.id = :first", Long.class)
                    .setParameter("first", first)
                    .getResultList();
            // The row was sent in the meantime. Then no row is old
            return new Backlog(count, oldest.isEmpty() ? Time.currentTimeMillis() : oldest.get(0));
        });
    }

    /**
     * Deletes the rows that were set aside before a time.
     *
     * @param before milliseconds since 1970
     * @return how many were deleted
     */
    int deleteSetAside(long before) {
        return inTransaction(
                entities -> entities.createQuery("delete from PerchOutboxSetAside s where s.setAsideAt < :before")
                        .setParameter("before", before)
                        .executeUpdate());
    }

    /**
     * Deletes rows.
     *
     * @param sent rows that Kafka has acknowledged
     * @param refused rows that Kafka will never accept, with the reason; they move to the table of rows that are set aside
     */
    void settle(List<OutboxRow> sent, Map<OutboxRow, String> refused) {
        if (sent.isEmpty() && refused.isEmpty()) {
            return;
        }
        inTransaction(entities -> {
            long now = Time.currentTimeMillis();
            refused.forEach((row, reason) -> entities.persist(new SetAsideRow(row, reason, now)));
            List<Long> ids = new ArrayList<>();
            sent.forEach(row -> ids.add(row.id()));
            refused.keySet().forEach(row -> ids.add(row.id()));
            ids.sort(null);
            delete(entities, ids);
            return ids.size();
        });
    }

    private static void delete(EntityManager entities, List<Long> ids) {
        List<long[]> ranges = ranges(ids);
        if (ranges.size() <= MAX_RANGES) {
            ranges.forEach(
                    range -> entities.createQuery("delete from PerchOutboxRow r where r.id between :from and :to")
                            .setParameter("from", range[0])
                            .setParameter("to", range[1])
                            .executeUpdate());
            return;
        }
        for (int i = 0; i < ids.size(); i += IDS_PER_STATEMENT) {
            List<Long> some = new ArrayList<>(ids.subList(i, Math.min(ids.size(), i + IDS_PER_STATEMENT)));
            while (some.size() < IDS_PER_STATEMENT) {
                some.add(some.get(0));
            }
            entities.createQuery("delete from PerchOutboxRow r where r.id in :ids")
                    .setParameter("ids", some)
                    .executeUpdate();
        }
    }

    // A range has no gaps: a missing number may be a row that another node has not committed yet
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
