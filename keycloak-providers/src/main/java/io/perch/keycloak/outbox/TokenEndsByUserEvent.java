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
 * The sessions and tokens that Keycloak ends without an event for it. Keycloak's event reports something else, such as a refused
 * refresh, and no {@code LOGOUT} follows. Each end becomes an additional event.
 */
final class TokenEndsByUserEvent {

    private static final Set<EventType> ENDING = EnumSet.of(
            EventType.REVOKE_GRANT,
            EventType.REFRESH_TOKEN_ERROR,
            EventType.CODE_TO_TOKEN_ERROR,
            EventType.IMPERSONATE,
            EventType.LOGIN,
            EventType.RESTART_AUTHENTICATION);

    /** Keycloak's reasons when a refresh token is used again. It then ends the client's session. */
    private static final Set<String> REUSED = Set.of("Stale token", "Maximum allowed refresh token reuse exceeded");

    private static final String CLIENT_SESSION_NOT_ACTIVE = "Client session not active";
    private static final String SESSION_NOT_ACTIVE = "Session not active";

    private final KeycloakSession session;

    TokenEndsByUserEvent(KeycloakSession session) {
        this.session = session;
    }

    /** Whether events of a type may end sessions or tokens. */
    static boolean mayEnd(EventType type) {
        return ENDING.contains(type);
    }

    /**
     * The events for what a user event ends; mostly none.
     *
     * @param userEvent the same event, read by {@link UserEvents}
     */
    List<OutboxEvent> read(Event event, OutboxEvent userEvent) {
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        if (realm == null) {
            return List.of();
        }
        return switch (event.getType()) {
            case REVOKE_GRANT -> byRevocation(event, userEvent, realm);
            case REFRESH_TOKEN_ERROR -> byRefusedRefresh(event, userEvent, realm);
            case CODE_TO_TOKEN_ERROR -> byUsedCode(event, userEvent, realm);
            case IMPERSONATE -> byImpersonation(event, userEvent, realm);
            default -> List.of();
        };
    }

    /** A revocation by RFC 7009, or a consent that the user has withdrawn in the account console. */
    private List<OutboxEvent> byRevocation(Event event, OutboxEvent userEvent, RealmModel realm) {
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
            List<OutboxEvent> ends = exchanged(event, userEvent, sessionId);
            ends.add(userEvent.consequence(
                    EventKind.TOKEN_REVOKED, userId, Map.of("token_id", tokenId, "client_id", clientId)));
            return ends;
        }
        if (details.containsKey(Details.REFRESH_TOKEN_ID) && sessionId != null) {
            List<OutboxEvent> ends = exchanged(event, userEvent, sessionId);
            ends.add(
                    isRemoved(realm, sessionId)
                            ? userEvent.consequence(EventKind.SESSION_ENDED, userId, Map.of("session_id", sessionId))
                            : clientSession(userEvent, userId, sessionId, clientId));
            return ends;
        }
        return CommittedState.hadGrant(session, realm.getId(), userId, clientId)
                ? List.of(userEvent.clientSessions(userId, clientId))
                : List.of();
    }

    /** Tokens that other clients got in exchange for the revoked token end with it. */
    private static List<OutboxEvent> exchanged(Event event, OutboxEvent userEvent, @Nullable String sessionId) {
        List<OutboxEvent> ends = new ArrayList<>();
        String clients = details(event).get(Details.TOKEN_EXCHANGE_REVOKED_CLIENTS);
        if (clients != null && sessionId != null) {
            for (String client : clients.split(",", -1)) {
                ends.add(clientSession(userEvent, event.getUserId(), sessionId, client));
            }
        }
        return ends;
    }

    // Keycloak sends events of refused requests in another transaction. Here the state is still the one before the
    // refusal
    private List<OutboxEvent> byRefusedRefresh(Event event, OutboxEvent userEvent, RealmModel realm) {
        Map<String, String> details = details(event);
        String sessionId = event.getSessionId();
        String clientId = event.getClientId();
        String reason = details.get(Details.REASON);
        if (sessionId == null || clientId == null || reason == null || !Errors.INVALID_TOKEN.equals(event.getError())) {
            return List.of();
        }
        boolean isOffline = TokenUtil.TOKEN_TYPE_OFFLINE.equals(details.get(Details.REFRESH_TOKEN_TYPE));
        @Nullable
        UserSessionModel userSession = isOffline
                ? session.sessions().getOfflineUserSession(realm, sessionId)
                : session.sessions().getUserSession(realm, sessionId);
        @Nullable UserModel user = userSession == null ? null : userSession.getUser();
        if (user == null) {
            return List.of();
        }
        if (SESSION_NOT_ACTIVE.equals(reason)) {
            return List.of(
                    userEvent.consequence(EventKind.SESSION_ENDED, user.getId(), Map.of("session_id", sessionId)));
        }
        // Keycloak also calls a token stale if it is older than a not-before. That voids the client's tokens too
        return CLIENT_SESSION_NOT_ACTIVE.equals(reason) || (REUSED.contains(reason) && realm.isRevokeRefreshToken())
                ? List.of(clientSession(userEvent, user.getId(), sessionId, clientId))
                : List.of();
    }

    /** The second use of an authorization code ends the tokens of the first use (RFC 6749, section 4.1.2). */
    private List<OutboxEvent> byUsedCode(Event event, OutboxEvent userEvent, RealmModel realm) {
        String sessionId = event.getSessionId();
        if (sessionId == null || !Errors.INVALID_CODE.equals(event.getError())) {
            return List.of();
        }
        UserSessionModel userSession = session.sessions().getUserSession(realm, sessionId);
        ClientModel client = session.getContext().getClient();
        if (userSession == null
                || userSession.getUser() == null
                || client == null
                || userSession.getAuthenticatedClientSessionByClient(client.getId()) == null) {
            return List.of();
        }
        return List.of(clientSession(userEvent, userSession.getUser().getId(), sessionId, client.getClientId()));
    }

    /** Keycloak ends the session of an administrator who impersonates a user of the same realm. */
    private List<OutboxEvent> byImpersonation(Event event, OutboxEvent userEvent, RealmModel realm) {
        if (!realm.getName().equals(details(event).get(Details.IMPERSONATOR_REALM))
                || !(session.getContext().getBearerToken() instanceof AccessToken token)
                || token.getSessionId() == null
                || token.getSubject() == null) {
            return List.of();
        }
        return List.of(userEvent.consequence(
                EventKind.SESSION_ENDED, token.getSubject(), Map.of("session_id", token.getSessionId())));
    }

    /**
     * A new sign-in in the same browser, in another session, ends the earlier session. Keycloak removes it after this event.
     * Therefore the result is known only at the commit, and the supplier must be called then.
     */
    Optional<Supplier<List<OutboxEvent>>> byNewLogin(Event event, OutboxEvent userEvent) {
        String before = event.getType() == EventType.LOGIN || event.getType() == EventType.RESTART_AUTHENTICATION
                ? sessionOfCookie()
                : null;
        if (before == null || before.equals(event.getSessionId())) {
            return Optional.empty();
        }
        return Optional.of(() -> {
            RealmModel realm = session.realms().getRealm(userEvent.realmId());
            String userId = realm != null && isRemoved(realm, before)
                    ? CommittedState.userOfSession(session, realm.getId(), before)
                    : null;
            return userId == null
                    ? List.of()
                    : List.of(userEvent.consequence(EventKind.SESSION_ENDED, userId, Map.of("session_id", before)));
        });
    }

    // The cookie's signature is not verified: the session must exist before this transaction and must not exist after
    // it
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

    private static OutboxEvent clientSession(OutboxEvent userEvent, String userId, String sessionId, String clientId) {
        return userEvent.consequence(
                EventKind.CLIENT_SESSION_ENDED,
                userId,
                Map.of(
                        "session_id", sessionId,
                        "client_id", clientId,
                        "not_before", OutboxEvent.nextSecond(userEvent.time())));
    }

    /** Checks both kinds, because an offline session has the id of the session that it came from. */
    private boolean isRemoved(RealmModel realm, String sessionId) {
        return session.sessions().getUserSession(realm, sessionId) == null
                && session.sessions().getOfflineUserSession(realm, sessionId) == null;
    }

    private static Map<String, String> details(Event event) {
        Map<String, String> details = event.getDetails();
        return details == null ? Map.of() : details;
    }
}
