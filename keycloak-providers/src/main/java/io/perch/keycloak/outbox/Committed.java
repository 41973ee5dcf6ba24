package io.perch.keycloak.outbox;

import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
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

    /** The realm's not-before, in seconds since 1970, without what this transaction has made of it. */
    static int notBefore(KeycloakSession session, String realmId) {
        return ask(session, realmId, 0, (inner, realm) -> realm.getNotBefore());
    }

    /** Whether a realm has this listener now and had it not. */
    static boolean isListenerNew(KeycloakSession session, RealmModel realm) {
        String listener = UserEventsListenerFactory.PROVIDER_ID;
        return realm.getEventsListenersStream().anyMatch(listener::equals)
                && !ask(session, realm.getId(), true, (inner, before) -> before.getEventsListenersStream()
                        .anyMatch(listener::equals));
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
