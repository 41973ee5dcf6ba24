package io.perch.resourceserver.events;

import java.util.Arrays;

/** What can happen to a user, by the CloudEvents attribute {@code type}. */
public enum UserEventType {
    /** A user is there; with the user's state. */
    REGISTERED("io.perch.user.registered"),
    /** Profile, attributes, or whether the user is enabled, changed; with the user's state. */
    UPDATED("io.perch.user.updated"),
    /** The e-mail address is verified; with the user's state. */
    EMAIL_VERIFIED("io.perch.user.email_verified"),
    /** A password, one-time password or passkey was set, changed or removed. */
    CREDENTIALS_CHANGED("io.perch.user.credentials_changed"),
    /** The roles changed; with the user's state. */
    ROLES_CHANGED("io.perch.user.roles_changed"),
    /** The user signed in. */
    LOGGED_IN("io.perch.user.logged_in"),
    /** A sign-in was refused. */
    LOGIN_FAILED("io.perch.user.login_failed"),
    /** The user ended one session by signing out. */
    LOGGED_OUT("io.perch.user.logged_out"),
    /** One session ended otherwise: by an administrator, from the account console, or by its age. */
    SESSION_ENDED("io.perch.user.session_ended"),
    /** One access token is void: {@link UserEvent#tokenId()}. */
    TOKEN_REVOKED("io.perch.user.token_revoked"),
    /** What one client has of one session is void, if it was issued before {@link UserEvent#notBefore()}. */
    CLIENT_SESSION_ENDED("io.perch.user.client_session_ended"),
    /** What one client has of the user is void, if it was issued before {@link UserEvent#notBefore()}. */
    CLIENT_SESSIONS_ENDED("io.perch.user.client_sessions_ended"),
    /** Every session of the user ended whose tokens were issued before {@link UserEvent#notBefore()}. */
    SESSIONS_ENDED("io.perch.user.sessions_ended"),
    /** The user is gone, and the id never comes back. */
    DELETED("io.perch.user.deleted"),
    /** Nothing happened: the user's state is published again. */
    SNAPSHOT("io.perch.user.snapshot"),
    /** Something else that is only of interest to an audit; {@link UserEvent#keycloakType()} says what. */
    EVENT("io.perch.user.event"),
    /** What one client has of anybody is void, if it was issued before {@link UserEvent#notBefore()}. */
    CLIENT_ENDED("io.perch.client.sessions_ended"),
    /** Every session of the realm ended whose tokens were issued before {@link UserEvent#notBefore()}. */
    REALM_SESSIONS_ENDED("io.perch.realm.sessions_ended"),
    /** A type that this server does not know; {@link UserEvent#typeName()} says which. */
    OTHER("");

    private final String wireName;

    UserEventType(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the attribute's value; empty for {@link #OTHER}. */
    public String wireName() {
        return wireName;
    }

    /** Returns the type of a name; {@link #OTHER} for a name that is not known. */
    static UserEventType of(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElse(OTHER);
    }

    /** Returns whether an event of this type is of one user, and makes no sense without the user's id. */
    boolean isOfOneUser() {
        return switch (this) {
            case REGISTERED,
                    UPDATED,
                    EMAIL_VERIFIED,
                    CREDENTIALS_CHANGED,
                    ROLES_CHANGED,
                    LOGGED_IN,
                    SESSIONS_ENDED,
                    CLIENT_SESSIONS_ENDED,
                    DELETED,
                    SNAPSHOT -> true;
            case LOGIN_FAILED,
                    LOGGED_OUT,
                    SESSION_ENDED,
                    TOKEN_REVOKED,
                    CLIENT_SESSION_ENDED,
                    EVENT,
                    CLIENT_ENDED,
                    REALM_SESSIONS_ENDED,
                    OTHER -> false;
        };
    }
}
