package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The events of one transaction. They are written into it just before it commits. At that time all its changes are made, and the
 * locks that keep the order are held only during the commit. An exception here makes the commit fail.
 */
final class TransactionEvents extends AbstractKeycloakTransaction {

    private static final String ATTRIBUTE = "perch-outbox-noted-events";

    private final KeycloakSession session;
    private final Set<String> attributes;
    private final @Nullable String traceparent;
    private final List<Supplier<List<OutboxEvent>>> events = new ArrayList<>();
    private final Map<String, Optional<Map<String, Object>>> before = new HashMap<>();
    private final Map<String, Optional<Map<String, Object>>> after = new HashMap<>();

    private TransactionEvents(KeycloakSession session, Set<String> attributes) {
        this.session = session;
        this.attributes = attributes;
        this.traceparent = Traceparent.of(session);
    }

    /**
     * Adds events to a session's transaction.
     *
     * @param attributes names of the user attributes that are published
     * @param wake called after the commit
     */
    static void add(KeycloakSession session, Set<String> attributes, Runnable wake, List<OutboxEvent> events) {
        addAtCommit(session, attributes, wake, () -> events);
    }

    /** Adds events that are known only when all other changes of the transaction are made. */
    static void addAtCommit(
            KeycloakSession session, Set<String> attributes, Runnable wake, Supplier<List<OutboxEvent>> events) {
        TransactionEvents transaction = session.getAttribute(ATTRIBUTE, TransactionEvents.class);
        if (transaction == null) {
            transaction = new TransactionEvents(session, attributes);
            try {
                session.getTransactionManager().enlistPrepare(transaction);
                session.getTransactionManager().enlistAfterCompletion(new AfterCommit(wake));
            } catch (IllegalStateException e) {
                // Some Keycloak code commits before it sends its events. These are about committed changes
                KeycloakModelUtils.runJobInTransaction(
                        session.getKeycloakSessionFactory(), inner -> add(inner, attributes, wake, events.get()));
                return;
            }
            session.setAttribute(ATTRIBUTE, transaction);
        }
        transaction.events.add(events);
    }

    @Override
    protected void commitImpl() {
        EntityManager entities =
                session.getProvider(JpaConnectionProvider.class).getEntityManager();
        // Flushed first, to avoid a deadlock: no transaction waits for a user lock while its holder waits for a row
        entities.flush();
        List<OutboxEvent> all = new CorrectedEvents(session).of(events);
        if (all.isEmpty()) {
            return;
        }
        UserLock.acquire(
                entities,
                all.stream()
                        .filter(OutboxEvent::isOrdered)
                        .map(OutboxEvent::key)
                        .toList());
        all.forEach(event -> write(entities, event));
    }

    @Override
    protected void rollbackImpl() {
        events.clear();
    }

    private void write(EntityManager entities, OutboxEvent event) {
        Map<String, Object> data = event.data();
        @Nullable Map<String, Object> state = event.kind().hasState() ? after(event) : null;
        if (state != null) {
            @Nullable Map<String, Object> old = event.kind().hasChanges() ? before(event) : null;
            Map<String, Object> changed = old == null ? Map.of() : Changes.between(old, state);
            data = new EventData()
                    .withAll(data)
                    .with("changed", changed.isEmpty() ? null : changed)
                    .with("user", state)
                    .toMap();
            if (isDisabling(data)) {
                persist(entities, event, data);
                OutboxEvent ended = event.consequence(
                        EventKind.SESSIONS_ENDED,
                        // Includes the current second: a disabled user gets no new token in it
                        Map.of("not_before", OutboxEvent.nextSecond(event.time())));
                persist(entities, ended, ended.data());
                return;
            }
        }
        persist(entities, event, data);
    }

    /** Whether the data of an event says that its user was disabled. */
    static boolean isDisabling(Map<String, Object> data) {
        return data.get("changed") instanceof Map<?, ?> changed
                && changed.containsKey("enabled")
                && data.get("user") instanceof Map<?, ?> state
                && Boolean.FALSE.equals(state.get("enabled"));
    }

    private void persist(EntityManager entities, OutboxEvent event, Map<String, Object> data) {
        Map<String, Object> whole = new EventData()
                .withAll(data)
                .with("security_event", SecurityEvent.of(session, event, data))
                .toMap();
        entities.persist(CloudEvents.row(event, whole, traceparent));
    }

    private @Nullable Map<String, Object> after(OutboxEvent event) {
        return after.computeIfAbsent(
                        event.key(),
                        userId ->
                                Optional.ofNullable(new UserStates(session, attributes).read(event.realmId(), userId)))
                .orElse(null);
    }

    // Read in another transaction, which does not see the changes of this one
    private @Nullable Map<String, Object> before(OutboxEvent event) {
        return before.computeIfAbsent(
                        event.key(),
                        userId -> KeycloakModelUtils.runJobInTransactionWithResult(
                                session.getKeycloakSessionFactory(),
                                inner -> Optional.ofNullable(
                                        new UserStates(inner, attributes).read(event.realmId(), userId))))
                .orElse(null);
    }

    private static final class AfterCommit extends AbstractKeycloakTransaction {

        private final Runnable wake;

        private AfterCommit(Runnable wake) {
            this.wake = wake;
        }

        @Override
        protected void commitImpl() {
            wake.run();
        }

        @Override
        protected void rollbackImpl() {
            // Nothing was committed
        }
    }
}
