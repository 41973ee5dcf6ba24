package io.perch.resourceserver.user;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user as an administrator sees it.
 *
 * @param userId the {@code sub} of the user's tokens
 * @param username the user name
 * @param email the e-mail address, absent where there is none
 * @param emailVerified whether the address is the user's
 * @param firstName the first name, absent where there is none
 * @param lastName the last name, absent where there is none
 * @param phoneNumber the phone number, absent where there is none
 * @param roles the realm roles, those that come with others among them
 * @param enabled whether the user may sign in
 * @param createdAt when the user was made
 * @param updatedAt when the user last changed, as far as events have it
 * @param lastLogin when the user last signed in, absent before the first time
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

    /** Keeps what is personal out of logs. */
    @Override
    public String toString() {
        return "UserRepresentation[userId=%s]".formatted(userId);
    }
}
