package io.perch.keycloak.outbox;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Reads the committed state in a transaction of its own. A request that ends sessions cannot read them when Keycloak sends the
 * event. A request that changes a realm reads the new values. Another transaction still reads the old ones.
 */
final class CommittedState {

    /** The most session ids that are published for one user. Other sessions end by {@code not_before} alone. */
    private static final int MAX_SESSIONS = 500;

    private CommittedState() {}

    /** Ids of a user's sessions, without offline sessions: these stay when an administrator logs the user out. */
    static List<String> sessions(KeycloakSession session, String realmId, String userId) {
        return query(session, realmId, List.of(), (inner, realm) -> {
            UserModel user = inner.users().getUserById(realm, userId);
            return user == null
                    ? List.of()
                    : inner.sessions()
                            .getUserSessionsStream(realm, user)
                            .limit(MAX_SESSIONS)
                            .map(UserSessionModel::getId)
                            .toList();
        });
    }

    /** The id of a session's user, offline or not; null if there is no such session. */
    static @Nullable String userOfSession(KeycloakSession session, String realmId, String sessionId) {
        String none = "";
        String userId = query(session, realmId, none, (inner, realm) -> {
            UserSessionModel userSession = inner.sessions().getUserSession(realm, sessionId);
            if (userSession == null) {
                userSession = inner.sessions().getOfflineUserSession(realm, sessionId);
            }
            return userSession == null || userSession.getUser() == null
                    ? none
                    : userSession.getUser().getId();
        });
        return userId.isEmpty() ? null : userId;
    }

    /**
     * A realm.
     *
     * @param notBefore in seconds since 1970
     * @param isListening whether the realm has this listener
     */
    record Realm(String name, boolean isEnabled, int notBefore, boolean isListening) {}

    /** A realm without the changes of this transaction; empty if the realm is new. */
    static Optional<Realm> realm(KeycloakSession session, String realmId) {
        return query(
                session,
                realmId,
                Optional.empty(),
                (inner, realm) -> Optional.of(new Realm(
                        realm.getName(),
                        realm.isEnabled(),
                        realm.getNotBefore(),
                        UserEventsListenerFactory.isListening(realm))));
    }

    /**
     * A client.
     *
     * @param notBefore in seconds since 1970
     */
    record Client(boolean isEnabled, int notBefore) {}

    /** A client by the key of its row; empty if the client is new. */
    static Optional<Client> client(KeycloakSession session, String realmId, String clientKey) {
        return query(session, realmId, Optional.empty(), (inner, realm) -> Optional.ofNullable(
                        realm.getClientById(clientKey))
                .map(client -> new Client(client.isEnabled(), client.getNotBefore())));
    }

    /** Whether a user has given consent to a client, or has an offline session with it. */
    static boolean hadGrant(KeycloakSession session, String realmId, String userId, String clientId) {
        return query(session, realmId, false, (inner, realm) -> {
            UserModel user = inner.users().getUserById(realm, userId);
            ClientModel client = realm.getClientByClientId(clientId);
            return user != null
                    && client != null
                    && (inner.users().getConsentByClient(realm, userId, client.getId()) != null
                            || inner.sessions()
                                    .getOfflineUserSessionsStream(realm, user)
                                    .anyMatch(offline -> offline.getAuthenticatedClientSessions()
                                            .containsKey(client.getId())));
        });
    }

    /** Whether this transaction adds this listener to a realm. */
    static boolean isListenerNew(KeycloakSession session, RealmModel realm) {
        return UserEventsListenerFactory.isListening(realm)
                && !realm(session, realm.getId()).map(Realm::isListening).orElse(true);
    }

    private static <T> T query(
            KeycloakSession session, String realmId, T defaultValue, BiFunction<KeycloakSession, RealmModel, T> query) {
        return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(realmId);
            if (realm == null) {
                return defaultValue;
            }
            inner.getContext().setRealm(realm);
            return query.apply(inner, realm);
        });
    }
}
