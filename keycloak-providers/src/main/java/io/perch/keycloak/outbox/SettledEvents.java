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

/** What the events of one transaction come to in the end: Keycloak says some things twice, and some too early. */
final class SettledEvents {

    private final KeycloakSession session;
    private final Set<NotedEvent> said = new HashSet<>();

    SettledEvents(KeycloakSession session) {
        this.session = session;
    }

    /** The events as they are to be written, in their order; everything that they say is in the database, uncommitted. */
    List<NotedEvent> of(List<Supplier<List<NotedEvent>>> noted) {
        List<NotedEvent> all =
                noted.stream().flatMap(events -> events.get().stream()).toList();
        Set<String> toldDeletions = keys(all, EventKind.DELETED, true);
        Set<String> changes = keys(all, EventKind.UPDATED, true);
        Set<String> removedRealms = all.stream()
                .filter(NotedEvent::isRealmRemoval)
                .map(NotedEvent::realmId)
                .collect(Collectors.toSet());
        Set<NotedEvent> settled = new LinkedHashSet<>();
        for (NotedEvent event : all) {
            if (event.kind() == EventKind.DELETED && isThere(event)) {
                settled.addAll(replacement(event, changes.contains(event.key())));
            } else if (!isSaidTwice(event, toldDeletions, removedRealms)) {
                settled.add(event);
            }
        }
        return List.copyOf(settled);
    }

    private boolean isSaidTwice(NotedEvent event, Set<String> toldDeletions, Set<String> removedRealms) {
        if (event.kind() == EventKind.CLIENT_ENDED) {
            // With the realm go its clients; and a client may be saved more than once
            return removedRealms.contains(event.realmId()) || !said.add(event.withoutIdAndTime());
        }
        // Once its models say so, and once an event does if somebody asked for it
        return event.isRemoval() && toldDeletions.contains(event.key());
    }

    private static Set<String> keys(List<NotedEvent> all, EventKind kind, boolean told) {
        return all.stream()
                .filter(event -> event.kind() == kind && event.isRemoval() != told)
                .map(NotedEvent::key)
                .collect(Collectors.toSet());
    }

    /** A user who is there again under the same id, by a partial import that overwrites, was changed and not deleted. */
    private boolean isThere(NotedEvent deletion) {
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

    /** The sessions ended all the same. */
    private List<NotedEvent> replacement(NotedEvent deletion, boolean isChangeTold) {
        String userId = deletion.key();
        List<NotedEvent> events = new ArrayList<>();
        if (!isChangeTold) {
            events.add(deletion.consequence(EventKind.UPDATED, userId, Map.of("keycloak_type", "USER_REPLACED")));
        }
        NotedEvent ended = deletion.consequence(
                EventKind.SESSIONS_ENDED,
                userId,
                Map.of("keycloak_type", "USER_REPLACED", "not_before", deletion.time() / 1000));
        events.add(ended);
        Committed.sessions(session, deletion.realmId(), userId)
                .forEach(id -> events.add(ended.consequence(EventKind.SESSION_ENDED, Map.of("session_id", id))));
        return events;
    }
}
