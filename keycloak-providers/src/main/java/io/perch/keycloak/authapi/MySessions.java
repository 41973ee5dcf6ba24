package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.device.DeviceActivityManager;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.account.DeviceRepresentation;

/** {@code /me/sessions}: the caller's sessions. */
final class MySessions {

    private MySessions() {}

    static Response list(Call call) {
        Caller caller = Caller.of(call);
        caller.requireAccountRole(call, AccountRoles.VIEW_PROFILE, AccountRoles.MANAGE_ACCOUNT);
        List<Session> sessions = call.sessionsOf(caller.user()).all().stream()
                .map(userSession -> Session.of(userSession, caller.isCurrent(userSession)))
                .toList();
        return Answers.ok(new Page(sessions));
    }

    static Response end(Call call) {
        Caller caller = Caller.of(call);
        caller.requireAccountRole(call, AccountRoles.MANAGE_ACCOUNT);
        String id = call.variable("id");
        if (call.sessionsOf(caller.user())
                        .end(call.event(), userSession -> userSession.getId().equals(id))
                == 0) {
            throw ProblemException.of(ProblemType.NOT_FOUND);
        }
        return Answers.done();
    }

    private record Page(List<Session> sessions) {}

    /**
     * A session.
     *
     * @param device the kind of device, such as {@code Other} or {@code iPhone}
     * @param ip network address of the sign-in
     * @param started time of the sign-in, RFC 3339, UTC
     * @param lastAccess time of the last use, RFC 3339, UTC
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Session(
            String id,
            boolean current,
            @Nullable String device,
            @Nullable String os,
            @Nullable String browser,
            @Nullable String ip,
            String started,
            String lastAccess) {

        static Session of(UserSessionModel userSession, boolean current) {
            DeviceRepresentation device = Optional.ofNullable(DeviceActivityManager.getCurrentDevice(userSession))
                    .orElseGet(DeviceRepresentation::unknown);
            return new Session(
                    userSession.getId(),
                    current,
                    device.getDevice(),
                    device.getOs(),
                    device.getBrowser(),
                    userSession.getIpAddress(),
                    Instant.ofEpochSecond(userSession.getStarted()).toString(),
                    Instant.ofEpochSecond(userSession.getLastSessionRefresh()).toString());
        }
    }
}
