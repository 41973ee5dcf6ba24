package io.perch.keycloak.authapi;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.events.EventType;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** A user's sessions, online and offline. */
final class Sessions {

    private final Call call;
    private final UserModel user;

    Sessions(Call call, UserModel user) {
        this.call = call;
        this.user = user;
    }

    // A list, because ending a session while the sessions are streamed changes what is streamed
    List<UserSessionModel> all() {
        return Stream.concat(
                        call.session().sessions().getUserSessionsStream(call.realm(), user),
                        call.session().sessions().getOfflineUserSessionsStream(call.realm(), user))
                .toList();
    }

    /** Ends those that are chosen, as a logout does, each with its event LOGOUT. Returns how many there were. */
    int end(Predicate<UserSessionModel> chosen) {
        List<UserSessionModel> sessions = all().stream().filter(chosen).toList();
        sessions.forEach(userSession -> {
            AuthenticationManager.backchannelLogout(call.session(), userSession, true);
            call.event()
                    .clone()
                    .event(EventType.LOGOUT)
                    .user(user)
                    .session(userSession)
                    .success();
        });
        return sessions.size();
    }
}
