package io.perch.resourceserver.user;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user as an administrator sees it.
 *
 * @param userId the {@code sub} of the user's tokens
 * @param username the user name
 * @param email the e-mail address; absent if there is none
 * @param emailVerified whether the address is verified
 * @param firstName the first name; absent if there is none
 * @param lastName the last name; absent if there is none
 * @param phoneNumber the phone number; absent if there is none
 * @param roles the realm roles, including those from composite roles
 * @param enabled whether the user may sign in
 * @param createdAt when the user was created
 * @param updatedAt when the user last changed, according to events
 * @param lastLogin when the user last signed in; absent before the first time
 */
record UserRepresentation(
        String userId,
        String username,
        @Nullable String email,
        boolean emailVerified,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phoneNumber,
        List<String> roles,
        boolean enabled,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastLogin) {

    static UserRepresentation of(StoredUser user) {
        return new UserRepresentation(
                user.id(),
                user.username(),
                user.email(),
                user.emailVerified(),
                user.firstName(),
                user.lastName(),
                user.phoneNumber(),
                user.roles(),
                user.enabled(),
                user.createdAt(),
                user.updatedAt(),
                user.lastLogin());
    }

    /** Keeps personal data out of logs. */
    @Override
    public String toString() {
        return "UserRepresentation[userId=%s]".formatted(userId);
    }
}
