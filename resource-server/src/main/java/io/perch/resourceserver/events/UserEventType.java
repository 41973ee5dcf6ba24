package io.perch.resourceserver.events;

import java.util.Arrays;

/** The types of user events, by the CloudEvents attribute {@code type}. */
public enum UserEventType {
    /** A user was created; contains the user's state. */
    REGISTERED("io.perch.user.registered"),
    /** The profile, the attributes or the enabled flag changed; contains the user's state. */
    UPDATED("io.perch.user.updated"),
    /** The e-mail address was verified; contains the user's state. */
    EMAIL_VERIFIED("io.perch.user.email_verified"),
    /** A password, one-time password or passkey was set, changed or removed. */
    CREDENTIALS_CHANGED("io.perch.user.credentials_changed"),
    /** The roles changed; contains the user's state. */
    ROLES_CHANGED("io.perch.user.roles_changed"),
    /** The user signed in. */
    LOGGED_IN("io.perch.user.logged_in"),
    /** A sign-in was refused. */
    LOGIN_FAILED("io.perch.user.login_failed"),
    /** The user ended one session by logging out. */
    LOGGED_OUT("io.perch.user.logged_out"),
    /** One session ended in another way: by an administrator, from the account console, or by its age. */
    SESSION_ENDED("io.perch.user.session_ended"),
    /** One access token was revoked: {@link UserEvent#tokenId()}. */
    TOKEN_REVOKED("io.perch.user.token_revoked"),
    /** The tokens of one client in one session were revoked, if issued before {@link UserEvent#notBefore()}. */
    CLIENT_SESSION_ENDED("io.perch.user.client_session_ended"),
    /** The tokens of one client for the user were revoked, if issued before {@link UserEvent#notBefore()}. */
    CLIENT_SESSIONS_ENDED("io.perch.user.client_sessions_ended"),
    /** All sessions of the user ended whose tokens were issued before {@link UserEvent#notBefore()}. */
    SESSIONS_ENDED("io.perch.user.sessions_ended"),
    /** The user was deleted. The ID is not used again. */
    DELETED("io.perch.user.deleted"),
    /** Nothing changed: the user's state is published again. */
    SNAPSHOT("io.perch.user.snapshot"),
    /** Another event, relevant for audits only; see {@link UserEvent#keycloakType()}. */
    EVENT("io.perch.user.event"),
    /** The tokens of one client for all users were revoked, if issued before {@link UserEvent#notBefore()}. */
    CLIENT_ENDED("io.perch.client.sessions_ended"),
    /** All sessions of the realm ended whose tokens were issued before {@link UserEvent#notBefore()}. */
    REALM_SESSIONS_ENDED("io.perch.realm.sessions_ended"),
    /** An unknown type; see {@link UserEvent#typeName()}. */
    OTHER("");

    private final String wireName;

    UserEventType(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the attribute's value; empty for {@link #OTHER}. */
    public String wireName() {
        return wireName;
    }

    /** Returns the type with this attribute value; {@link #OTHER} for an unknown one. */
    static UserEventType of(String wireName) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElse(OTHER);
    }

    /** Returns whether an event of this type must have a user ID. */
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
