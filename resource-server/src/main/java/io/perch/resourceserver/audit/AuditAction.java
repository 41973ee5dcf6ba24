package io.perch.resourceserver.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.events.UserEventType;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The recorded actions. */
enum AuditAction {
    USER_REGISTERED("user.registered"),
    USER_UPDATED("user.updated"),
    USER_EMAIL_VERIFIED("user.email_verified"),
    USER_CREDENTIALS_CHANGED("user.credentials_changed"),
    USER_ROLES_CHANGED("user.roles_changed"),
    USER_LOGGED_IN("user.logged_in"),
    USER_LOGIN_FAILED("user.login_failed"),
    USER_LOGGED_OUT("user.logged_out"),
    USER_SESSION_ENDED("user.session_ended"),
    USER_SESSIONS_ENDED("user.sessions_ended"),
    USER_DELETED("user.deleted"),
    /** Another event in Keycloak; see the details. */
    USER_EVENT("user.event"),
    REALM_SESSIONS_ENDED("realm.sessions_ended"),
    /** This server's data of a deleted user was destroyed. */
    USER_ERASED("user.erased"),
    TASK_SUBMITTED("task.submitted"),
    TASK_CHALLENGE_ANSWERED("task.challenge_answered"),
    TASK_CANCELLED("task.cancelled"),
    TASK_RETRIED("task.retried"),
    ACCOUNT_LOGIN("account.login"),
    ACCOUNT_DELETED("account.deleted"),
    /** A request below {@code /admin}, recorded before it is handled. */
    ADMIN_CALLED("admin.called");

    private static final String NAMES =
            Arrays.stream(values()).map(AuditAction::wireName).sorted().collect(Collectors.joining(", "));

    private final String wireName;

    AuditAction(String wireName) {
        this.wireName = wireName;
    }

    @JsonValue
    String wireName() {
        return wireName;
    }

    /** Returns the action of an event; empty if it is not recorded. */
    static Optional<AuditAction> of(UserEventType type) {
        return switch (type) {
            case REGISTERED -> Optional.of(USER_REGISTERED);
            case UPDATED -> Optional.of(USER_UPDATED);
            case EMAIL_VERIFIED -> Optional.of(USER_EMAIL_VERIFIED);
            case CREDENTIALS_CHANGED -> Optional.of(USER_CREDENTIALS_CHANGED);
            case ROLES_CHANGED -> Optional.of(USER_ROLES_CHANGED);
            case LOGGED_IN -> Optional.of(USER_LOGGED_IN);
            case LOGIN_FAILED -> Optional.of(USER_LOGIN_FAILED);
            case LOGGED_OUT -> Optional.of(USER_LOGGED_OUT);
            case SESSION_ENDED, CLIENT_SESSION_ENDED, TOKEN_REVOKED -> Optional.of(USER_SESSION_ENDED);
            case SESSIONS_ENDED, CLIENT_SESSIONS_ENDED -> Optional.of(USER_SESSIONS_ENDED);
            case DELETED -> Optional.of(USER_DELETED);
            case EVENT, OTHER -> Optional.of(USER_EVENT);
            case REALM_SESSIONS_ENDED, CLIENT_ENDED -> Optional.of(REALM_SESSIONS_ENDED);
            case SNAPSHOT -> Optional.empty();
        };
    }

    /** Returns the action of an act. */
    static AuditAction of(ActKind kind) {
        return switch (kind) {
            case TASK_SUBMITTED -> TASK_SUBMITTED;
            case TASK_CHALLENGE_ANSWERED -> TASK_CHALLENGE_ANSWERED;
            case TASK_CANCELLED -> TASK_CANCELLED;
            case TASK_RETRIED -> TASK_RETRIED;
            case ACCOUNT_LOGIN -> ACCOUNT_LOGIN;
            case ACCOUNT_DELETED -> ACCOUNT_DELETED;
        };
    }

    /**
     * Parses a name.
     *
     * @throws ProblemException 400 if there is no such action
     */
    static AuditAction parse(String name) {
        return Arrays.stream(values())
                .filter(action -> action.wireName.equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new ProblemException(ProblemType.INVALID_REQUEST, "'action' must be one of " + NAMES));
    }
}
