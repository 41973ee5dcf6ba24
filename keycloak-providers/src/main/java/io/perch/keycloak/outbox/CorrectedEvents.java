package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.storage.StorageId;

/**
 * The events of one transaction as they are written. Keycloak sends some events twice, and some deletions although the user stays:
 * these are corrected here.
 */
final class CorrectedEvents {

    private final KeycloakSession session;
    private final Set<OutboxEvent> clientEnds = new HashSet<>();

    CorrectedEvents(KeycloakSession session) {
        this.session = session;
    }

    /** The events to write, in their order. The transaction's changes must already be flushed to the database. */
    List<OutboxEvent> of(List<Supplier<List<OutboxEvent>>> suppliers) {
        List<OutboxEvent> all =
                suppliers.stream().flatMap(events -> events.get().stream()).toList();
        // Without the removals that come from the model
        Set<String> deletions = keys(all, EventKind.DELETED);
        Set<String> changes = keys(all, EventKind.UPDATED);
        Set<String> removedRealms = all.stream()
                .filter(OutboxEvent::isRealmRemoval)
                .map(OutboxEvent::realmId)
                .collect(Collectors.toSet());
        Set<OutboxEvent> settled = new LinkedHashSet<>();
        for (OutboxEvent event : all) {
            if (event.kind() == EventKind.DELETED && stillExists(event)) {
                settled.addAll(replacement(event, changes.contains(event.key())));
            } else if (!isDuplicate(event, deletions, removedRealms)) {
                settled.add(event);
            }
        }
        return List.copyOf(settled);
    }

    private boolean isDuplicate(OutboxEvent event, Set<String> deletions, Set<String> removedRealms) {
        if (event.kind() == EventKind.CLIENT_ENDED) {
            // The end of a realm includes its clients. A client may be saved more than once in a transaction
            return removedRealms.contains(event.realmId()) || !clientEnds.add(event.withoutIdAndTime());
        }
        // Keycloak's model reports every removal. A removal by request is also a user event or an admin event
        return event.isRemoval() && deletions.contains(event.key());
    }

    private static Set<String> keys(List<OutboxEvent> all, EventKind kind) {
        return all.stream()
                .filter(event -> event.kind() == kind && !event.isRemoval())
                .map(OutboxEvent::key)
                .collect(Collectors.toSet());
    }

    /**
     * A partial import that overwrites a user deletes it and creates it again with the same id. That is a change, not a deletion.
     */
    private boolean stillExists(OutboxEvent deletion) {
        String userId = deletion.key();
        if (!StorageId.isLocalStorage(userId)) {
            return false;
        }
        EntityManager entities =
                session.getProvider(JpaConnectionProvider.class).getEntityManager();
        return entities.createQuery(
                                "select count(u) from UserEntity u where u.id = :user and u.realmId = :realm",
                                Long.class)
                        .setParameter("user", userId)
                        .setParameter("realm", deletion.realmId())
                        .getSingleResult()
                > 0;
    }

    /** The events for an overwritten user: a change, unless it is reported already, and the end of all sessions. */
    private List<OutboxEvent> replacement(OutboxEvent deletion, boolean hasChangeEvent) {
        String userId = deletion.key();
        List<OutboxEvent> events = new ArrayList<>();
        if (!hasChangeEvent) {
            events.add(deletion.consequence(EventKind.UPDATED, userId, Map.of("keycloak_type", "USER_REPLACED")));
        }
        OutboxEvent ended = deletion.consequence(
                EventKind.SESSIONS_ENDED,
                userId,
                Map.of("keycloak_type", "USER_REPLACED", "not_before", deletion.time() / 1000));
        events.add(ended);
        CommittedState.sessions(session, deletion.realmId(), userId)
                .forEach(id -> events.add(ended.consequence(EventKind.SESSION_ENDED, Map.of("session_id", id))));
        return events;
    }
}
