package io.perch.keycloak.outbox;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Reads the admin events on users, their roles, their groups and their sessions, and on the realm's not-before. */
final class AdminEvents {

    private static final Set<String> OF_A_USER = Stream.of(
                    ResourceType.USER,
                    ResourceType.USER_LOGIN_FAILURE,
                    ResourceType.REALM_ROLE_MAPPING,
                    ResourceType.CLIENT_ROLE_MAPPING,
                    ResourceType.GROUP_MEMBERSHIP)
            .map(Enum::name)
            .collect(Collectors.toUnmodifiableSet());

    private final KeycloakSession session;

    AdminEvents(KeycloakSession session) {
        this.session = session;
    }

    /** What is to be told of an event; often nothing. */
    List<NotedEvent> read(AdminEvent event) {
        RealmModel realm = event.getRealmId() == null ? null : session.realms().getRealm(event.getRealmId());
        if (realm == null || event.getError() != null) {
            return List.of();
        }
        String[] path = event.getResourcePath() == null
                ? new String[0]
                : event.getResourcePath().split("/");
        if (event.getResourceType() == ResourceType.REALM) {
            return ofRealm(event, realm, path);
        }
        if (event.getResourceType() == ResourceType.USER_SESSION && path.length == 2) {
            return ofSession(event, realm, path[1]);
        }
        if (!OF_A_USER.contains(event.getResourceTypeAsString())) {
            return List.of();
        }
        // users/ID, users/ID/role-mappings/realm, users/ID/groups/ID and so on; but not users/profile
        if (path.length >= 2 && path[0].equals("users")) {
            return ofUser(event, realm, path[1], Arrays.asList(path).subList(2, path.length));
        }
        // RFC 7644, section 3.2
        return path.length == 4 && event.getResourcePath().startsWith("scim/v2/Users/")
                ? ofUser(event, realm, path[3], List.of())
                : List.of();
    }

    /**
     * Whether an event may concern any number of users at once: the roles of a group or within a role, a role or group that is
     * gone, and this listener being switched on, which finds users there.
     */
    boolean isOfManyUsers(AdminEvent event) {
        RealmModel realm = event.getRealmId() == null ? null : session.realms().getRealm(event.getRealmId());
        if (realm == null || event.getError() != null || event.getResourceType() == null) {
            return false;
        }
        String path = event.getResourcePath() == null ? "" : event.getResourcePath();
        return switch (event.getResourceType()) {
            case REALM -> Committed.isListenerNew(session, realm);
            case REALM_ROLE_MAPPING, CLIENT_ROLE_MAPPING -> path.startsWith("groups/");
            case REALM_ROLE, CLIENT_ROLE ->
                event.getOperationType() != OperationType.CREATE || path.endsWith("/composites");
            case GROUP -> event.getOperationType() == OperationType.DELETE || path.endsWith("/children");
            default -> false;
        };
    }

    private List<NotedEvent> ofUser(AdminEvent event, RealmModel realm, String userId, List<String> what) {
        EventKind kind = kind(event, what.isEmpty() ? "" : what.get(0));
        if (kind != EventKind.SESSIONS_ENDED) {
            NotedEvent told = noted(event, realm, kind, userId, data(event, realm, userId));
            // Keycloak says so only where there was consent, or an offline session; a client's id may be an address
            return what.size() >= 2 && what.get(0).equals("consents")
                    ? List.of(told, told.clientSessions(userId, String.join("/", what.subList(1, what.size()))))
                    : List.of(told);
        }
        // Tokens know the time of their issue to the second: the sessions' ids tell apart what was and what comes now
        List<NotedEvent> all = new ArrayList<>();
        NotedEvent ended = noted(
                event, realm, kind, userId, data(event, realm, userId).with("not_before", event.getTime() / 1000));
        all.add(ended);
        Committed.sessions(session, realm.getId(), userId)
                .forEach(id -> all.add(ended.consequence(EventKind.SESSION_ENDED, Map.of("session_id", id))));
        return all;
    }

    private static EventKind kind(AdminEvent event, String what) {
        return switch (what) {
            // Unlocking a user is told as a DELETE of the user's failures, at the user's own path
            case "" ->
                event.getResourceType() == ResourceType.USER ? ofWhole(event.getOperationType()) : EventKind.OTHER;
            case "role-mappings", "groups" -> EventKind.ROLES_CHANGED;
            case "logout" -> EventKind.SESSIONS_ENDED;
            case "reset-password", "credentials", "disable-credential-types" -> EventKind.CREDENTIALS_CHANGED;
            default -> EventKind.OTHER;
        };
    }

    private static EventKind ofWhole(OperationType operation) {
        return switch (operation) {
            case CREATE -> EventKind.REGISTERED;
            case UPDATE -> EventKind.UPDATED;
            case DELETE -> EventKind.DELETED;
            case ACTION -> EventKind.OTHER;
        };
    }

    private List<NotedEvent> ofSession(AdminEvent event, RealmModel realm, String sessionId) {
        if (event.getOperationType() != OperationType.DELETE) {
            return List.of();
        }
        @Nullable String userId = Committed.userOfSession(session, realm.getId(), sessionId);
        EventData data = data(event, realm, userId).with("session_id", sessionId);
        return List.of(noted(event, realm, EventKind.SESSION_ENDED, userId, data));
    }

    private List<NotedEvent> ofRealm(AdminEvent event, RealmModel realm, String[] path) {
        int notBefore = realm.getNotBefore();
        if (event.getOperationType() == OperationType.ACTION) {
            boolean isTold = path.length == 1 && (path[0].equals("logout-all") || path[0].equals("push-revocation"));
            return isTold && notBefore > 0 ? List.of(ofRealm(event, realm, realm.getName(), notBefore)) : List.of();
        }
        Optional<Committed.Realm> before = event.getOperationType() == OperationType.UPDATE
                ? Committed.realm(session, realm.getId())
                : Optional.empty();
        if (before.isEmpty()) {
            return List.of();
        }
        boolean isOver = !realm.isEnabled() && before.get().isEnabled();
        // The issuer is another one then
        boolean isRenamed = !realm.getName().equals(before.get().name());
        if (isOver || isRenamed) {
            return List.of(ofRealm(event, realm, before.get().name(), NotedEvent.nextSecond(event.getTime())));
        }
        return notBefore > before.get().notBefore()
                ? List.of(ofRealm(event, realm, realm.getName(), notBefore))
                : List.of();
    }

    private NotedEvent ofRealm(AdminEvent event, RealmModel realm, String name, long notBefore) {
        return new NotedEvent(
                EventKind.REALM_SESSIONS_ENDED,
                event.getId(),
                event.getTime(),
                realm.getId(),
                name,
                null,
                data(event, realm, null)
                        .with("realm", name)
                        .with("not_before", notBefore)
                        .toMap());
    }

    private static NotedEvent noted(
            AdminEvent event, RealmModel realm, EventKind kind, @Nullable String userId, EventData data) {
        return new NotedEvent(
                kind, event.getId(), event.getTime(), realm.getId(), realm.getName(), userId, data.toMap());
    }

    private EventData data(AdminEvent event, RealmModel realm, @Nullable String userId) {
        return new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", "admin:" + event.getResourceTypeAsString() + "/" + event.getOperationType())
                .with("actor", new Actors(session).of(event.getAuthDetails()));
    }
}
