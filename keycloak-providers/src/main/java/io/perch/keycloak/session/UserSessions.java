package io.perch.keycloak.session;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** A user's sessions, online and offline. */
public final class UserSessions {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel user;

    /** The sessions of a user of this realm. */
    public UserSessions(KeycloakSession session, RealmModel realm, UserModel user) {
        this.session = session;
        this.realm = realm;
        this.user = user;
    }

    /** All sessions. It is a list, because a session that ends would change a stream of sessions. */
    public List<UserSessionModel> all() {
        return Stream.concat(
                        session.sessions().getUserSessionsStream(realm, user),
                        session.sessions().getOfflineUserSessionsStream(realm, user))
                .toList();
    }

    /**
     * Ends the sessions that match, as a logout does. Each gets an event LOGOUT.
     *
     * @param event an event of the request, for its client and address; only clones of it are sent
     * @return how many sessions were ended
     */
    public int end(EventBuilder event, Predicate<UserSessionModel> chosen) {
        List<UserSessionModel> sessions = all().stream().filter(chosen).toList();
        sessions.forEach(userSession -> {
            AuthenticationManager.backchannelLogout(session, userSession, true);
            event.clone()
                    .event(EventType.LOGOUT)
                    .user(user)
                    .session(userSession)
                    .success();
        });
        return sessions.size();
    }
}
