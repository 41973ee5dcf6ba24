package io.perch.keycloak.outbox;

/** The kind of an event, with its {@code type} in a CloudEvent. */
enum EventKind {
    REGISTERED("io.perch.user.registered", State.AFTER),
    UPDATED("io.perch.user.updated", State.AFTER_WITH_CHANGES),
    EMAIL_VERIFIED("io.perch.user.email_verified", State.AFTER_WITH_CHANGES),
    ROLES_CHANGED("io.perch.user.roles_changed", State.AFTER_WITH_CHANGES),
    CREDENTIALS_CHANGED("io.perch.user.credentials_changed", State.NONE),
    LOGGED_IN("io.perch.user.logged_in", State.NONE),
    LOGIN_FAILED("io.perch.user.login_failed", State.NONE),
    LOGGED_OUT("io.perch.user.logged_out", State.NONE),
    SESSION_ENDED("io.perch.user.session_ended", State.NONE),
    SESSIONS_ENDED("io.perch.user.sessions_ended", State.NONE),
    DELETED("io.perch.user.deleted", State.NONE),
    SNAPSHOT("io.perch.user.snapshot", State.AFTER),
    OTHER("io.perch.user.event", State.NONE),
    /** One access token is void (RFC 7009). */
    TOKEN_REVOKED("io.perch.user.token_revoked", State.NONE),
    /** The tokens of one client for one session are void. */
    CLIENT_SESSION_ENDED("io.perch.user.client_session_ended", State.NONE),
    /** The tokens of one client for one user are void, in all sessions. */
    CLIENT_SESSIONS_ENDED("io.perch.user.client_sessions_ended", State.NONE),
    /** The tokens of one client are void, for all users. */
    CLIENT_ENDED("io.perch.client.sessions_ended", State.NONE),
    REALM_SESSIONS_ENDED("io.perch.realm.sessions_ended", State.NONE);

    private enum State {
        NONE,
        AFTER,
        AFTER_WITH_CHANGES
    }

    private final String type;
    private final State state;

    EventKind(String type, State state) {
        this.type = type;
        this.state = state;
    }

    String type() {
        return type;
    }

    /** Whether the event contains the user's whole state after the change. */
    boolean hasState() {
        return state != State.NONE;
    }

    /** Whether the event contains the changed fields. */
    boolean hasChanges() {
        return state == State.AFTER_WITH_CHANGES;
    }
}
