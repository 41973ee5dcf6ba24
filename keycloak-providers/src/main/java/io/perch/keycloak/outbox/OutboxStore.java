package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** The relay's access to the rows. Each method is one short transaction. */
final class OutboxStore {

    /** Parameters of one statement. The number is always the same, so that the statement is prepared once. */
    private static final int IDS_PER_STATEMENT = 250;

    /** The largest backlog that is counted exactly. A larger one is estimated. */
    private static final int COUNT_LIMIT = 10_000;

    /** If the ids form more ranges than this, rows are changed by id and not by range. */
    private static final int MAX_RANGES = 16;

    /** In the JSON of {@link OutboxRow#endsRealm}. Nothing else has it, because quotation marks in a text are escaped. */
    private static final String REALM_END = "%\"type\":\"" + EventKind.REALM_SESSIONS_ENDED.type() + "\"%";

    private final KeycloakSessionFactory sessions;
    private final RowReader reader;

    OutboxStore(KeycloakSessionFactory sessions, TopicTemplate topic) {
        this.sessions = sessions;
        this.reader = new RowReader(topic);
    }

    /**
     * The oldest rows that wait for no topic, in their order.
     *
     * @param isAnyWaiting false if no row waits for a topic. Then the query is simpler: without statistics, PostgreSQL would sort a
     *     large backlog for each batch
     */
    List<OutboxRow> oldest(int limit, boolean isAnyWaiting) {
        // By the topic first, where it matters: by the number alone, databases would read all rows that wait
        String query = isAnyWaiting ? "where r.waitsFor is null order by r.waitsFor, r.id" : "order by r.id";
        return inTransaction(entities -> reader.read(entities, query, parameters -> {}, limit));
    }

    /** The oldest rows that wait for a topic, in their order. */
    List<OutboxRow> waiting(String topic, int limit) {
        return inTransaction(entities -> reader.read(
                entities,
                "where r.waitsFor = :topic order by r.id",
                query -> query.setParameter("topic", topic),
                limit));
    }

    /** The topics that rows wait for. Each is found by the index, so that the number of their rows does not matter. */
    List<String> waitingTopics() {
        return inTransaction(entities -> {
            List<String> topics = new ArrayList<>();
            Optional<String> next = firstTopic(entities, "is not null", query -> {});
            while (next.isPresent()) {
                String last = next.get();
                topics.add(last);
                next = firstTopic(entities, "> :last", query -> query.setParameter("last", last));
            }
            return topics;
        });
    }

    private static Optional<String> firstTopic(
            EntityManager entities, String condition, Consumer<TypedQuery<?>> parameters) {
        TypedQuery<String> query = entities.createQuery(
                "select r.waitsFor from PerchOutboxRow r where r.waitsFor " + condition + " order by r.waitsFor, r.id",
                String.class);
        parameters.accept(query);
        return query.setMaxResults(1).getResultStream().findFirst();
    }

    /** The number of rows that wait for a topic. Reads all their entries of the index. */
    long countWaiting() {
        return inTransaction(entities -> entities.createQuery(
                        "select count(r) from PerchOutboxRow r where r.waitsFor is not null", Long.class)
                .getSingleResult());
    }

    /**
     * Makes rows of a topic wait no longer, the oldest first. They are sent before all rows that were written after them.
     *
     * @return how many
     */
    int release(String topic, int limit) {
        return inTransaction(entities -> {
            List<Long> ids = entities.createQuery(
                            "select r.id from PerchOutboxRow r where r.waitsFor = :topic order by r.id", Long.class)
                    .setParameter("topic", topic)
                    .setMaxResults(limit)
                    .getResultList();
            change(entities, ids, "update PerchOutboxRow r set r.waitsFor = null", query -> {});
            return ids.size();
        });
    }

    /**
     * Deletes what a removed realm leaves: its rows that wait for a topic, except the event that ends all its sessions, and its
     * events that were set aside. Nobody may get this data if the realm's name or id is used again.
     */
    static void deleteOf(EntityManager entities, String realmId) {
        // The ids first: a delete by this condition would wait on MariaDB for the rows that other transactions write
        List<Long> ids = entities.createQuery(
                        "select r.id from PerchOutboxRow r"
                                + " where r.waitsFor is not null and r.realmId = :realm and r.event not like :end",
                        Long.class)
                .setParameter("realm", realmId)
                .setParameter("end", REALM_END)
                .getResultList();
        change(entities, ids, "delete from PerchOutboxRow r", query -> {});
        entities.createQuery("delete from PerchOutboxSetAside s where s.realmId = :realm")
                .setParameter("realm", realmId)
                .executeUpdate();
    }

    /**
     * The rows that wait to be sent, without those that wait for a topic.
     *
     * @param count exact up to {@link #COUNT_LIMIT}; above that estimated from the row numbers, which may have gaps
     * @param oldest when the oldest row was created, in milliseconds since 1970; 0 if there is none
     */
    record Backlog(long count, long oldest) {}

    /** Reads the two ends of the index, so that a large backlog does not make the query slower. */
    Backlog backlog() {
        return inTransaction(entities -> {
            Optional<Object[]> first = end(entities, "asc");
            Optional<Object[]> last = end(entities, "desc");
            if (first.isEmpty() || last.isEmpty()) {
                return new Backlog(0, 0);
            }
            long from = (Long) first.get()[0];
            long to = (Long) last.get()[0];
            long span = to - from + 1;
            long count = span > COUNT_LIMIT
                    ? span
                    : entities.createQuery(
                                    "select count(r) from PerchOutboxRow r"
                                            + " where r.waitsFor is null and r.id between :from and :to",
                                    Long.class)
                            .setParameter("from", from)
                            .setParameter("to", to)
                            .getSingleResult();
            return new Backlog(count, (Long) first.get()[1]);
        });
    }

    private static Optional<Object[]> end(EntityManager entities, String direction) {
        return entities.createQuery(
                        "select r.id, r.createdAt from PerchOutboxRow r where r.waitsFor is null order by r.waitsFor "
                                + direction + ", r.id " + direction,
                        Object[].class)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
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
     * Stores the outcome of a batch in one transaction.
     *
     * @param sent rows that Kafka has acknowledged; they are deleted
     * @param refused rows that Kafka will never accept, with the reason; they move to the table of rows that are set aside
     * @param waiting rows by the topic that they wait for
     */
    void settle(List<OutboxRow> sent, Map<OutboxRow, String> refused, Map<String, List<OutboxRow>> waiting) {
        if (sent.isEmpty() && refused.isEmpty() && waiting.isEmpty()) {
            return;
        }
        inTransaction(entities -> {
            long now = Time.currentTimeMillis();
            refused.forEach((row, reason) -> entities.persist(new SetAsideRow(row, reason, now)));
            List<Long> ids = ids(sent);
            ids.addAll(ids(refused.keySet()));
            ids.sort(null);
            change(entities, ids, "delete from PerchOutboxRow r", query -> {});
            waiting.forEach((topic, rows) -> {
                List<OutboxRow> others = rows.stream()
                        .filter(row -> !topic.equals(row.waitsFor()))
                        .toList();
                change(
                        entities,
                        ids(others),
                        "update PerchOutboxRow r set r.waitsFor = :topic",
                        query -> query.setParameter("topic", topic));
            });
            return ids.size();
        });
    }

    private static List<Long> ids(Collection<OutboxRow> rows) {
        return new ArrayList<>(rows.stream().map(OutboxRow::id).toList());
    }

    /**
     * Changes or deletes rows.
     *
     * @param ids sorted
     * @param statement without its condition
     */
    private static void change(EntityManager entities, List<Long> ids, String statement, Consumer<Query> parameters) {
        List<long[]> ranges = ranges(ids);
        if (ranges.size() <= MAX_RANGES) {
            ranges.forEach(range -> {
                Query query = entities.createQuery(statement + " where r.id between :from and :to")
                        .setParameter("from", range[0])
                        .setParameter("to", range[1]);
                parameters.accept(query);
                query.executeUpdate();
            });
            return;
        }
        for (int i = 0; i < ids.size(); i += IDS_PER_STATEMENT) {
            List<Long> some = new ArrayList<>(ids.subList(i, Math.min(ids.size(), i + IDS_PER_STATEMENT)));
            while (some.size() < IDS_PER_STATEMENT) {
                some.add(some.get(0));
            }
            Query query =
                    entities.createQuery(statement + " where r.id in :ids").setParameter("ids", some);
            parameters.accept(query);
            query.executeUpdate();
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
