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
 * What is committed of sessions. The request that ends them sees them no longer when it tells so, another transaction does.
 */
final class Sessions {

    /** More of one user's sessions than these are ended by the time of their tokens alone. */
    private static final int MOST = 500;

    private Sessions() {}

    /** Ids of a user's sessions; not of offline ones, which logging a user out leaves. */
    static List<String> of(KeycloakSession session, String realmId, String userId) {
        return committed(session, realmId, List.of(), (inner, realm) -> {
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
    static @Nullable String user(KeycloakSession session, String realmId, String sessionId) {
        String none = "";
        String userId = committed(session, realmId, none, (inner, realm) -> {
            UserSessionModel one = inner.sessions().getUserSession(realm, sessionId);
            if (one == null) {
                one = inner.sessions().getOfflineUserSession(realm, sessionId);
            }
            return one == null || one.getUser() == null ? none : one.getUser().getId();
        });
        return userId.isEmpty() ? null : userId;
    }

    /** The realm's not-before, in seconds since 1970, without what this transaction has made of it. */
    static int committedNotBefore(KeycloakSession session, String realmId) {
        return committed(session, realmId, 0, (inner, realm) -> realm.getNotBefore());
    }

    private static <T> T committed(
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
