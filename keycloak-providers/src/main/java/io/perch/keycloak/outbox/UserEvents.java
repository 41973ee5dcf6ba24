package io.perch.keycloak.outbox;

import java.util.Map;
import java.util.Set;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;

/** Reads Keycloak's user events. Only the details named here are published: others may contain what a user has typed. */
final class UserEvents {

    /** Error events have the reason of a refusal. Therefore they are published even if the user is not known. */
    private static final String ERROR_SUFFIX = "_ERROR";

    private final KeycloakSession session;
    private final Set<String> excluded;

    /**
     * Reads events of all types that are not excluded.
     *
     * @param excluded names of event types. Types that change a user, a session or a sign-in cannot be excluded
     */
    UserEvents(KeycloakSession session, Set<String> excluded) {
        this.session = session;
        this.excluded = excluded;
    }

    /** Whether the event itself is published, apart from the sessions and tokens that it ends. */
    boolean isPublished(Event event) {
        return kind(event.getType()) != EventKind.OTHER || isPublishedAsOther(event);
    }

    /** Reads an event of a realm. */
    OutboxEvent read(Event event) {
        EventKind kind = kind(event.getType());
        EventData data = new EventData()
                .with("realm", event.getRealmName())
                .with("user_id", event.getUserId())
                .with("keycloak_type", event.getType().name())
                .with("session_id", event.getSessionId())
                .with("client_id", event.getClientId())
                .with("ip_address", event.getIpAddress())
                .with("error", event.getError())
                .with("actor", new Actors(session).of(event));
        Map<String, String> details = event.getDetails() == null ? Map.of() : event.getDetails();
        if (kind == EventKind.CREDENTIALS_CHANGED) {
            data.with("credential_type", details.get(Details.CREDENTIAL_TYPE));
        } else if (kind == EventKind.SESSION_ENDED) {
            data.with("reason", details.get(Details.REASON));
        } else if (event.getType().name().contains("IDENTITY")) {
            data.with("identity_provider", details.get(Details.IDENTITY_PROVIDER));
        }
        return new OutboxEvent(
                kind,
                event.getId(),
                event.getTime(),
                event.getRealmId(),
                event.getRealmName(),
                event.getUserId(),
                data.toMap());
    }

    private static EventKind kind(EventType type) {
        return switch (type) {
            case REGISTER -> EventKind.REGISTERED;
            case LOGIN -> EventKind.LOGGED_IN;
            case LOGIN_ERROR -> EventKind.LOGIN_FAILED;
            case LOGOUT -> EventKind.LOGGED_OUT;
            case USER_SESSION_DELETED -> EventKind.SESSION_ENDED;
            case UPDATE_PROFILE, UPDATE_EMAIL, VERIFY_PROFILE, USER_DISABLED_BY_PERMANENT_LOCKOUT -> EventKind.UPDATED;
            case VERIFY_EMAIL -> EventKind.EMAIL_VERIFIED;
            case UPDATE_CREDENTIAL, REMOVE_CREDENTIAL -> EventKind.CREDENTIALS_CHANGED;
            case DELETE_ACCOUNT -> EventKind.DELETED;
            default -> EventKind.OTHER;
        };
    }

    // The types that Keycloak saves by default, if the event has a user or is an error
    private boolean isPublishedAsOther(Event event) {
        EventType type = event.getType();
        return type.isSaveByDefault()
                && !excluded.contains(type.name())
                && (event.getUserId() != null || type.name().endsWith(ERROR_SUFFIX));
    }
}
