package io.perch.keycloak.outbox;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.keycloak.cookie.CookieProvider;
import org.keycloak.cookie.CookieType;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.util.TokenUtil;

/**
 * The sessions and tokens that Keycloak ends without saying so: its event tells of something else, such as a refused refresh,
 * and no {@code LOGOUT} follows. Each end is an event of its own beside that one.
 */
final class EndedByUserEvent {

    private static final Set<EventType> ENDING = EnumSet.of(
            EventType.REVOKE_GRANT,
            EventType.REFRESH_TOKEN_ERROR,
            EventType.CODE_TO_TOKEN_ERROR,
            EventType.IMPERSONATE,
            EventType.LOGIN,
            EventType.RESTART_AUTHENTICATION);

    /** Keycloak's words for a refresh token that was used before, for which it ends the client's session. */
    private static final Set<String> REUSED = Set.of("Stale token", "Maximum allowed refresh token reuse exceeded");

    private static final String CLIENT_SESSION_OVER = "Client session not active";
    private static final String SESSION_OVER = "Session not active";

    private final KeycloakSession session;

    EndedByUserEvent(KeycloakSession session) {
        this.session = session;
    }

    /** Whether events of a type may end something. */
    static boolean isOne(EventType type) {
        return ENDING.contains(type);
    }

    /**
     * What an event ends; mostly nothing.
     *
     * @param told the event as it is read
     */
    List<NotedEvent> read(Event event, NotedEvent told) {
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        if (realm == null) {
            return List.of();
        }
        return switch (event.getType()) {
            case REVOKE_GRANT -> byRevocation(event, told, realm);
            case REFRESH_TOKEN_ERROR -> byRefusedRefresh(event, told, realm);
            case CODE_TO_TOKEN_ERROR -> byUsedCode(event, told, realm);
            case IMPERSONATE -> byImpersonation(event, told, realm);
            default -> List.of();
        };
    }

    /** RFC 7009, or consent that was withdrawn in the account console. */
    private List<NotedEvent> byRevocation(Event event, NotedEvent told, RealmModel realm) {
        String userId = event.getUserId();
        Map<String, String> details = details(event);
        @Nullable String tokenId = details.get(Details.TOKEN_ID);
        @Nullable String clientId = details.getOrDefault(Details.REVOKED_CLIENT, event.getClientId());
        if (userId == null || clientId == null) {
            return List.of();
        }
        @Nullable String sessionId = event.getSessionId();
        if (tokenId != null) {
            UserSessionModel current = session.getContext().getUserSession();
            sessionId = current == null ? null : current.getId();
            List<NotedEvent> ends = exchanged(event, told, sessionId);
            ends.add(told.consequence(
                    EventKind.TOKEN_REVOKED, userId, Map.of("token_id", tokenId, "client_id", clientId)));
            return ends;
        }
        if (details.containsKey(Details.REFRESH_TOKEN_ID) && sessionId != null) {
            List<NotedEvent> ends = exchanged(event, told, sessionId);
            ends.add(
                    isGone(realm, sessionId)
                            ? told.consequence(EventKind.SESSION_ENDED, userId, Map.of("session_id", sessionId))
                            : clientSession(told, userId, sessionId, clientId));
            return ends;
        }
        return Committed.hadGrant(session, realm.getId(), userId, clientId)
                ? List.of(told.clientSessions(userId, clientId))
                : List.of();
    }

    /** Tokens that were exchanged for the revoked one end with it. */
    private static List<NotedEvent> exchanged(Event event, NotedEvent told, @Nullable String sessionId) {
        List<NotedEvent> ends = new ArrayList<>();
        String clients = details(event).get(Details.TOKEN_EXCHANGE_REVOKED_CLIENTS);
        if (clients != null && sessionId != null) {
            for (String client : clients.split(",", -1)) {
                ends.add(clientSession(told, event.getUserId(), sessionId, client));
            }
        }
        return ends;
    }

    // Refused events are in a transaction of their own: here everything is as it was before the refusal
    private List<NotedEvent> byRefusedRefresh(Event event, NotedEvent told, RealmModel realm) {
        Map<String, String> details = details(event);
        String sessionId = event.getSessionId();
        String clientId = event.getClientId();
        String reason = details.get(Details.REASON);
        if (sessionId == null || clientId == null || reason == null || !Errors.INVALID_TOKEN.equals(event.getError())) {
            return List.of();
        }
        boolean isOffline = TokenUtil.TOKEN_TYPE_OFFLINE.equals(details.get(Details.REFRESH_TOKEN_TYPE));
        @Nullable
        UserSessionModel one = isOffline
                ? session.sessions().getOfflineUserSession(realm, sessionId)
                : session.sessions().getUserSession(realm, sessionId);
        @Nullable UserModel user = one == null ? null : one.getUser();
        if (user == null) {
            return List.of();
        }
        if (SESSION_OVER.equals(reason)) {
            return List.of(told.consequence(EventKind.SESSION_ENDED, user.getId(), Map.of("session_id", sessionId)));
        }
        // Keycloak calls a token stale also where it is older than a not-before, which voids the client's tokens too
        return CLIENT_SESSION_OVER.equals(reason) || (REUSED.contains(reason) && realm.isRevokeRefreshToken())
                ? List.of(clientSession(told, user.getId(), sessionId, clientId))
                : List.of();
    }

    /** A code that is used twice ends what the first use gave (RFC 6749, section 4.1.2). */
    private List<NotedEvent> byUsedCode(Event event, NotedEvent told, RealmModel realm) {
        String sessionId = event.getSessionId();
        if (sessionId == null || !Errors.INVALID_CODE.equals(event.getError())) {
            return List.of();
        }
        UserSessionModel one = session.sessions().getUserSession(realm, sessionId);
        ClientModel client = session.getContext().getClient();
        if (one == null
                || one.getUser() == null
                || client == null
                || one.getAuthenticatedClientSessionByClient(client.getId()) == null) {
            return List.of();
        }
        return List.of(clientSession(told, one.getUser().getId(), sessionId, client.getClientId()));
    }

    /** Who impersonates somebody of the own realm is signed out first. */
    private List<NotedEvent> byImpersonation(Event event, NotedEvent told, RealmModel realm) {
        if (!realm.getName().equals(details(event).get(Details.IMPERSONATOR_REALM))
                || !(session.getContext().getBearerToken() instanceof AccessToken token)
                || token.getSessionId() == null
                || token.getSubject() == null) {
            return List.of();
        }
        return List.of(told.consequence(
                EventKind.SESSION_ENDED, token.getSubject(), Map.of("session_id", token.getSessionId())));
    }

    /**
     * Who signs in anew in the same browser, in another session, loses the session that was there before. Keycloak removes it
     * after this event, so that it is known at the commit only.
     */
    Optional<Supplier<List<NotedEvent>>> byNewLogin(Event event, NotedEvent told) {
        String before = event.getType() == EventType.LOGIN || event.getType() == EventType.RESTART_AUTHENTICATION
                ? sessionOfCookie()
                : null;
        if (before == null || before.equals(event.getSessionId())) {
            return Optional.empty();
        }
        return Optional.of(() -> {
            RealmModel realm = session.realms().getRealm(told.realmId());
            String userId = realm != null && isGone(realm, before)
                    ? Committed.userOfSession(session, realm.getId(), before)
                    : null;
            return userId == null
                    ? List.of()
                    : List.of(told.consequence(EventKind.SESSION_ENDED, userId, Map.of("session_id", before)));
        });
    }

    // Not verified: a session counts only where it is there before this transaction, and is not after it
    private @Nullable String sessionOfCookie() {
        String cookie = session.getProvider(CookieProvider.class).get(CookieType.IDENTITY);
        if (cookie == null || cookie.isEmpty()) {
            return null;
        }
        try {
            return new JWSInput(cookie).readJsonContent(AccessToken.class).getSessionId();
        } catch (JWSInputException e) {
            return null;
        }
    }

    private static NotedEvent clientSession(NotedEvent told, String userId, String sessionId, String clientId) {
        return told.consequence(
                EventKind.CLIENT_SESSION_ENDED,
                userId,
                Map.of(
                        "session_id", sessionId,
                        "client_id", clientId,
                        "not_before", NotedEvent.nextSecond(told.time())));
    }

    /** An offline session has the id of the session that it came from. */
    private boolean isGone(RealmModel realm, String sessionId) {
        return session.sessions().getUserSession(realm, sessionId) == null
                && session.sessions().getOfflineUserSession(realm, sessionId) == null;
    }

    private static Map<String, String> details(Event event) {
        Map<String, String> details = event.getDetails();
        return details == null ? Map.of() : details;
    }
}
