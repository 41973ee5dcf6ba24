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
 * What is committed. A request that ends sessions sees them no longer when it tells so, and one that changes a realm sees what
 * it has made of it; another transaction sees what was before.
 */
final class Committed {

    /** More of one user's sessions than these are ended by the time of their tokens alone. */
    private static final int MOST = 500;

    private Committed() {}

    /** Ids of a user's sessions; not of offline ones, which logging a user out leaves. */
    static List<String> sessions(KeycloakSession session, String realmId, String userId) {
        return ask(session, realmId, List.of(), (inner, realm) -> {
            UserModel user = inner.users().getUserById(realm, userId);
            return user == null
                    ? List.of()
                    : inner.sessions()
                            .getUserSessionsStream(realm, user)
                            .limit(MOST)
                            .map(UserSessionModel::getId)
                            .toList();
        });
    }

    /** Whose session it is; null where it is not known. */
    static @Nullable String userOfSession(KeycloakSession session, String realmId, String sessionId) {
        String none = "";
        String userId = ask(session, realmId, none, (inner, realm) -> {
            UserSessionModel one = inner.sessions().getUserSession(realm, sessionId);
            if (one == null) {
                one = inner.sessions().getOfflineUserSession(realm, sessionId);
            }
            return one == null || one.getUser() == null ? none : one.getUser().getId();
        });
        return userId.isEmpty() ? null : userId;
    }

    /**
     * A realm.
     *
     * @param notBefore in seconds since 1970
     * @param isListening whether it has this listener
     */
    record Realm(String name, boolean isEnabled, int notBefore, boolean isListening) {}

    /** A realm without what this transaction has made of it; empty where it is new. */
    static Optional<Realm> realm(KeycloakSession session, String realmId) {
        return ask(
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

    /** A client by its row's key; empty where it is new. */
    static Optional<Client> client(KeycloakSession session, String realmId, String clientKey) {
        return ask(session, realmId, Optional.empty(), (inner, realm) -> Optional.ofNullable(
                        realm.getClientById(clientKey))
                .map(client -> new Client(client.isEnabled(), client.getNotBefore())));
    }

    /** Whether a user has given a client consent, or an offline session. */
    static boolean hadGrant(KeycloakSession session, String realmId, String userId, String clientId) {
        return ask(session, realmId, false, (inner, realm) -> {
            UserModel user = inner.users().getUserById(realm, userId);
            ClientModel client = realm.getClientByClientId(clientId);
            return user != null
                    && client != null
                    && (inner.users().getConsentByClient(realm, userId, client.getId()) != null
                            || inner.sessions()
                                    .getOfflineUserSessionsStream(realm, user)
                                    .anyMatch(one ->
                                            one.getAuthenticatedClientSessions().containsKey(client.getId())));
        });
    }

    /** Whether a realm has this listener now and had it not. */
    static boolean isListenerNew(KeycloakSession session, RealmModel realm) {
        return UserEventsListenerFactory.isListening(realm)
                && !realm(session, realm.getId()).map(Realm::isListening).orElse(true);
    }

    private static <T> T ask(
            KeycloakSession session, String realmId, T otherwise, BiFunction<KeycloakSession, RealmModel, T> question) {
        return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(realmId);
            if (realm == null) {
                return otherwise;
            }
            inner.getContext().setRealm(realm);
            return question.apply(inner, realm);
        });
    }
}
