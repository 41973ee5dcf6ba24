package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The events of one realm that were set aside. Each method works in the session's transaction. */
final class SetAsideEvents {

    private final EntityManager entities;
    private final String realmId;

    SetAsideEvents(KeycloakSession session, RealmModel realm) {
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        this.realmId = realm.getId();
    }

    /**
     * An event that was set aside, without its data.
     *
     * @param type null if the event cannot be read
     * @param key the key of the Kafka record
     * @param size bytes of the event without {@code sequence}
     * @param createdAt milliseconds since 1970
     * @param setAsideAt milliseconds since 1970
     */
    record Summary(
            String id, @Nullable String type, String key, String reason, int size, long createdAt, long setAsideAt) {}

    /** A page of the events, the newest first. Their data is not read, because it may be large. */
    List<Summary> list(int first, int max) {
        return entities.createQuery(
                        "select s.eventId, s.type, s.key, s.reason, length(s.event), s.createdAt, s.setAsideAt"
                                + " from PerchOutboxSetAside s where s.realmId = :realm"
                                + " order by s.setAsideAt desc, s.id desc",
                        Object[].class)
                .setParameter("realm", realmId)
                .setFirstResult(first)
                .setMaxResults(max)
                .getResultStream()
                .map(SetAsideEvents::summary)
                .toList();
    }

    /** Moves an event back to the outbox, and returns it. It is empty if the realm has no such event. */
    Optional<SetAsideRow> replay(String eventId) {
        Optional<SetAsideRow> row = drop(eventId);
        row.ifPresent(event -> entities.persist(event.replay()));
        return row;
    }

    /** Deletes an event, and returns it. It is empty if the realm has no such event. */
    Optional<SetAsideRow> drop(String eventId) {
        Optional<SetAsideRow> row = locked(eventId);
        row.ifPresent(entities::remove);
        return row;
    }

    // Locked, so that of two requests at once only one finds the event
    private Optional<SetAsideRow> locked(String eventId) {
        return entities.createQuery(
                        "select s from PerchOutboxSetAside s where s.realmId = :realm and s.eventId = :event",
                        SetAsideRow.class)
                .setParameter("realm", realmId)
                .setParameter("event", eventId)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultStream()
                .findFirst();
    }

    private static Summary summary(Object[] columns) {
        return new Summary(
                (String) columns[0],
                (String) columns[1],
                (String) columns[2],
                (String) columns[3],
                ((Number) columns[4]).intValue(),
                (Long) columns[5],
                (Long) columns[6]);
    }
}
