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

    /** The events to publish for an admin event; often none. */
    List<OutboxEvent> read(AdminEvent event) {
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
     * Whether an event may change any number of users at once: the roles of a group, the roles within a role, the deletion of a
     * role or group, or the activation of this listener in a realm that may already have users.
     */
    boolean isOfManyUsers(AdminEvent event) {
        RealmModel realm = event.getRealmId() == null ? null : session.realms().getRealm(event.getRealmId());
        if (realm == null || event.getError() != null || event.getResourceType() == null) {
            return false;
        }
        String path = event.getResourcePath() == null ? "" : event.getResourcePath();
        return switch (event.getResourceType()) {
            case REALM -> CommittedState.isListenerNew(session, realm);
            case REALM_ROLE_MAPPING, CLIENT_ROLE_MAPPING -> path.startsWith("groups/");
            case REALM_ROLE, CLIENT_ROLE ->
                event.getOperationType() != OperationType.CREATE || path.endsWith("/composites");
            case GROUP -> event.getOperationType() == OperationType.DELETE || path.endsWith("/children");
            default -> false;
        };
    }

    private List<OutboxEvent> ofUser(AdminEvent event, RealmModel realm, String userId, List<String> subpath) {
        EventKind kind = kind(event, subpath.isEmpty() ? "" : subpath.get(0));
        if (kind != EventKind.SESSIONS_ENDED) {
            OutboxEvent userEvent = outboxEvent(event, realm, kind, userId, data(event, realm, userId));
            // Keycloak sends this event only if there was consent or an offline session. A client's id may be a URL:
            // join it again
            return subpath.size() >= 2 && subpath.get(0).equals("consents")
                    ? List.of(
                            userEvent,
                            userEvent.clientSessions(userId, String.join("/", subpath.subList(1, subpath.size()))))
                    : List.of(userEvent);
        }
        // A token has its time of issue in whole seconds. The ids separate the ended sessions from one that starts in
        // the same second
        List<OutboxEvent> all = new ArrayList<>();
        OutboxEvent ended = outboxEvent(
                event, realm, kind, userId, data(event, realm, userId).with("not_before", event.getTime() / 1000));
        all.add(ended);
        CommittedState.sessions(session, realm.getId(), userId)
                .forEach(id -> all.add(ended.consequence(EventKind.SESSION_ENDED, Map.of("session_id", id))));
        return all;
    }

    private static EventKind kind(AdminEvent event, String resource) {
        return switch (resource) {
            // Keycloak reports the unlocking of a user as DELETE of USER_LOGIN_FAILURE, at the path of the user itself
            case "" ->
                event.getResourceType() == ResourceType.USER ? ofUserItself(event.getOperationType()) : EventKind.OTHER;
            case "role-mappings", "groups" -> EventKind.ROLES_CHANGED;
            case "logout" -> EventKind.SESSIONS_ENDED;
            case "reset-password", "credentials", "disable-credential-types" -> EventKind.CREDENTIALS_CHANGED;
            default -> EventKind.OTHER;
        };
    }

    private static EventKind ofUserItself(OperationType operation) {
        return switch (operation) {
            case CREATE -> EventKind.REGISTERED;
            case UPDATE -> EventKind.UPDATED;
            case DELETE -> EventKind.DELETED;
            case ACTION -> EventKind.OTHER;
        };
    }

    private List<OutboxEvent> ofSession(AdminEvent event, RealmModel realm, String sessionId) {
        if (event.getOperationType() != OperationType.DELETE) {
            return List.of();
        }
        @Nullable String userId = CommittedState.userOfSession(session, realm.getId(), sessionId);
        EventData data = data(event, realm, userId).with("session_id", sessionId);
        return List.of(outboxEvent(event, realm, EventKind.SESSION_ENDED, userId, data));
    }

    private List<OutboxEvent> ofRealm(AdminEvent event, RealmModel realm, String[] path) {
        int notBefore = realm.getNotBefore();
        if (event.getOperationType() == OperationType.ACTION) {
            boolean isNotBefore =
                    path.length == 1 && (path[0].equals("logout-all") || path[0].equals("push-revocation"));
            return isNotBefore && notBefore > 0
                    ? List.of(ofRealm(event, realm, realm.getName(), notBefore))
                    : List.of();
        }
        Optional<CommittedState.Realm> before = event.getOperationType() == OperationType.UPDATE
                ? CommittedState.realm(session, realm.getId())
                : Optional.empty();
        if (before.isEmpty()) {
            return List.of();
        }
        boolean isDisabled = !realm.isEnabled() && before.get().isEnabled();
        // A new name changes the issuer
        boolean isRenamed = !realm.getName().equals(before.get().name());
        if (isDisabled || isRenamed) {
            return List.of(ofRealm(event, realm, before.get().name(), OutboxEvent.nextSecond(event.getTime())));
        }
        return notBefore > before.get().notBefore()
                ? List.of(ofRealm(event, realm, realm.getName(), notBefore))
                : List.of();
    }

    private OutboxEvent ofRealm(AdminEvent event, RealmModel realm, String name, long notBefore) {
        return new OutboxEvent(
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

    private static OutboxEvent outboxEvent(
            AdminEvent event, RealmModel realm, EventKind kind, @Nullable String userId, EventData data) {
        return new OutboxEvent(
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
