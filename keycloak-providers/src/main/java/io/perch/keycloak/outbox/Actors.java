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
 * The author of an event, as the member {@code actor} of a CloudEvent's data. It has {@code user_id} only if a credential, a
 * session or a code has proved the user's identity.
 */
final class Actors {

    /**
     * Events that require a proof of the user's identity. Requests that anybody may make, such as one for a mail, are not among
     * them. Neither are actions that an administrator starts.
     */
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

    /** The author of a user event; null if nothing is known. */
    @Nullable
    Map<String, Object> of(Event event) {
        if (event.getType() == EventType.IMPERSONATE) {
            Map<String, Object> administrator = ofRequest();
            return administrator == null ? clientAndAddress(event) : administrator;
        }
        if (event.getError() != null || event.getUserId() == null || !PROVED.contains(event.getType())) {
            return clientAndAddress(event);
        }
        UserSessionModel userSession = sessionOf(event);
        @Nullable
        String impersonator =
                userSession == null ? null : userSession.getNote(ImpersonationSessionNote.IMPERSONATOR_ID.toString());
        return new EventData()
                .with("user_id", impersonator == null ? event.getUserId() : impersonator)
                .with("client_id", event.getClientId())
                .with("ip_address", event.getIpAddress())
                .toMap();
    }

    private static @Nullable Map<String, Object> clientAndAddress(Event event) {
        Map<String, Object> origin = new EventData()
                .with("client_id", event.getClientId())
                .with("ip_address", event.getIpAddress())
                .toMap();
        return origin.isEmpty() ? null : origin;
    }

    private @Nullable UserSessionModel sessionOf(Event event) {
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

    /** The user of the request's access token; null if there is no request or no token. */
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

    // Keycloak's event has the key of the client's row
    private @Nullable String clientId(AuthDetails details) {
        RealmModel realm =
                details.getRealmId() == null ? null : session.realms().getRealm(details.getRealmId());
        ClientModel client = realm == null || details.getClientId() == null
                ? null
                : session.clients().getClientById(realm, details.getClientId());
        return client == null ? details.getClientId() : client.getClientId();
    }
}
