package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.Urls;
import org.keycloak.urls.UrlType;

/**
 * The end of sessions or tokens as the member {@code security_event} of a CloudEvent's data: issuer, subject and event of a
 * Security Event Token (RFC 8417). The event types are those of OpenID CAEP 1.0, RISC 1.0 and OAuth. The subjects are those of the
 * Shared Signals Framework 1.0 and RFC 9493.
 */
final class SecurityEvent {

    private static final String TYPES = "https://schemas.openid.net/secevent/";
    private static final String SESSION_REVOKED = TYPES + "caep/event-type/session-revoked";
    private static final String TOKEN_REVOKED = TYPES + "oauth/event-type/token-revoked";
    private static final String ACCOUNT_DISABLED = TYPES + "risc/event-type/account-disabled";
    private static final String ACCOUNT_PURGED = TYPES + "risc/event-type/account-purged";

    private final OutboxEvent event;
    private final @Nullable String issuer;

    private SecurityEvent(OutboxEvent event, @Nullable String issuer) {
        this.event = event;
        this.issuer = issuer;
    }

    /**
     * The member's value; null if the event ends nothing.
     *
     * @param data the event's data, with the user's state if the event has one
     */
    static @Nullable Map<String, Object> of(KeycloakSession session, OutboxEvent event, Map<String, Object> data) {
        String type =
                switch (event.kind()) {
                    case LOGGED_OUT,
                            SESSION_ENDED,
                            SESSIONS_ENDED,
                            CLIENT_SESSION_ENDED,
                            CLIENT_SESSIONS_ENDED,
                            CLIENT_ENDED,
                            REALM_SESSIONS_ENDED -> SESSION_REVOKED;
                    case TOKEN_REVOKED -> TOKEN_REVOKED;
                    case DELETED -> ACCOUNT_PURGED;
                    case UPDATED -> TransactionEvents.isDisabling(data) ? ACCOUNT_DISABLED : "";
                    default -> "";
                };
        return type.isEmpty() ? null : new SecurityEvent(event, issuer(session, event)).toMap(type);
    }

    // Background work has no request. Then the issuer is known only if Keycloak's hostname is configured
    private static @Nullable String issuer(KeycloakSession session, OutboxEvent event) {
        try {
            return Urls.realmIssuer(
                    session.getContext().getUri(UrlType.FRONTEND).getBaseUri(), event.realmName());
        } catch (RuntimeException e) {
            return null;
        }
    }

    private Map<String, Object> toMap(String type) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("event_timestamp", event.time() / 1000);
        content.put("initiating_entity", initiator());
        return new EventData()
                .with("iss", issuer)
                .with("sub_id", subject(type))
                .with("events", Map.of(type, content))
                .toMap();
    }

    private Map<String, Object> subject(String type) {
        Map<String, Object> data = event.data();
        if (type.equals(TOKEN_REVOKED)) {
            return new EventData()
                    .with("format", "jwt_id")
                    .with("iss", issuer)
                    .with("jti", data.get("token_id"))
                    .toMap();
        }
        @Nullable
        Object client =
                switch (event.kind()) {
                    case CLIENT_SESSION_ENDED, CLIENT_SESSIONS_ENDED, CLIENT_ENDED -> data.get("client_id");
                    default -> null;
                };
        @Nullable
        Object sessionId =
                switch (event.kind()) {
                    case LOGGED_OUT, SESSION_ENDED, CLIENT_SESSION_ENDED -> data.get("session_id");
                    default -> null;
                };
        @Nullable Map<String, Object> user = event.userId() == null ? null : user(event.userId());
        if (user != null && client == null && sessionId == null) {
            return user;
        }
        return new EventData()
                .with("format", "complex")
                .with("tenant", user == null ? opaque(event.realmName()) : null)
                .with("user", user)
                .with("session", sessionId == null ? null : opaque(sessionId))
                .with("application", client == null ? null : opaque(client))
                .toMap();
    }

    private Map<String, Object> user(String userId) {
        return issuer == null
                ? opaque(userId)
                : new EventData()
                        .with("format", "iss_sub")
                        .with("iss", issuer)
                        .with("sub", userId)
                        .toMap();
    }

    private static Map<String, Object> opaque(Object id) {
        return new EventData().with("format", "opaque").with("id", id).toMap();
    }

    /** {@code admin}, {@code user}, {@code policy} or {@code system} (CAEP 1.0, section 2). */
    private String initiator() {
        String keycloakType = String.valueOf(event.data().get("keycloak_type"));
        if (keycloakType.equals("USER_SESSION_DELETED")) {
            return "system";
        }
        if (keycloakType.endsWith("_ERROR") || keycloakType.startsWith("USER_DISABLED")) {
            return "policy";
        }
        Object actor = event.data().get("actor") instanceof Map<?, ?> author ? author.get("user_id") : null;
        return actor != null && actor.equals(event.userId()) ? "user" : "admin";
    }
}
