package io.perch.keycloak.outbox;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AuthDetails;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ImpersonationSessionNote;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;

/**
 * Who did something, as the member {@code actor} of a CloudEvent's data. A user did it who has proved to be that user, by a
 * credential, a session or a code; where nobody has, there is no {@code user_id}.
 */
final class Actors {

    /** What succeeds only for the user. Not so what anybody may ask for, such as a mail, nor what an administrator starts. */
    private static final Set<EventType> PROVED = EnumSet.of(
            EventType.LOGIN,
            EventType.REGISTER,
            EventType.LOGOUT,
            EventType.CODE_TO_TOKEN,
            EventType.REFRESH_TOKEN,
            EventType.TOKEN_EXCHANGE,
            EventType.OAUTH2_DEVICE_VERIFY_USER_CODE,
            EventType.OAUTH2_DEVICE_CODE_TO_TOKEN,
            EventType.REVOKE_GRANT,
            EventType.GRANT_CONSENT,
            EventType.UPDATE_CONSENT,
            EventType.UPDATE_PROFILE,
            EventType.UPDATE_EMAIL,
            EventType.VERIFY_EMAIL,
            EventType.VERIFY_PROFILE,
            EventType.RESET_PASSWORD,
            EventType.UPDATE_CREDENTIAL,
            EventType.REMOVE_CREDENTIAL,
            EventType.FEDERATED_IDENTITY_LINK,
            EventType.REMOVE_FEDERATED_IDENTITY,
            EventType.DELETE_ACCOUNT);

    private final KeycloakSession session;

    Actors(KeycloakSession session) {
        this.session = session;
    }

    /** Who did what an event of a user says; null where nothing is known of that. */
    @Nullable
    Map<String, Object> of(Event event) {
        if (event.getType() == EventType.IMPERSONATE) {
            Map<String, Object> administrator = ofRequest();
            return administrator == null ? nobody(event) : administrator;
        }
        if (event.getError() != null || event.getUserId() == null || !PROVED.contains(event.getType())) {
            return nobody(event);
        }
        UserSessionModel one = ofEvent(event);
        @Nullable
        String impersonator = one == null ? null : one.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString());
        return new EventData()
                .with("user_id", impersonator == null ? event.getUserId() : impersonator)
                .with("client_id", event.getClientId())
                .with("ip_address", event.getIpAddress())
                .toMap();
    }

    private static @Nullable Map<String, Object> nobody(Event event) {
        Map<String, Object> whence = new EventData()
                .with("client_id", event.getClientId())
                .with("ip_address", event.getIpAddress())
                .toMap();
        return whence.isEmpty() ? null : whence;
    }

    private @Nullable UserSessionModel ofEvent(Event event) {
        UserSessionModel current = session.getContext().getUserSession();
        if (current != null && current.getId().equals(event.getSessionId())) {
            return current;
        }
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        return realm == null || event.getSessionId() == null
                ? null
                : session.sessions().getUserSession(realm, event.getSessionId());
    }

    /** The administrator of an admin event. */
    @Nullable
    Map<String, Object> of(@Nullable AuthDetails details) {
        return details == null
                ? null
                : new EventData()
                        .with("user_id", details.getUserId())
                        .with("client_id", clientId(details))
                        .with("ip_address", details.getIpAddress())
                        .with("realm", details.getRealmName())
                        .toMap();
    }

    /** Whose access token the request has; null where there is no request, or no token. */
    @Nullable
    Map<String, Object> ofRequest() {
        if (!(session.getContext().getBearerToken() instanceof AccessToken token) || token.getIssuer() == null) {
            return null;
        }
        return new EventData()
                .with("user_id", token.getSubject())
                .with("client_id", token.getIssuedFor())
                .with("ip_address", session.getContext().getConnection().getRemoteHost())
                .with("realm", token.getIssuer().substring(token.getIssuer().lastIndexOf('/') + 1))
                .toMap();
    }

    // Keycloak gives the key of the client's row
    private @Nullable String clientId(AuthDetails details) {
        RealmModel realm =
                details.getRealmId() == null ? null : session.realms().getRealm(details.getRealmId());
        ClientModel client = realm == null || details.getClientId() == null
                ? null
                : session.clients().getClientById(realm, details.getClientId());
        return client == null ? details.getClientId() : client.getClientId();
    }
}
