package io.perch.resourceserver.user;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * A user as stored in the database.
 *
 * @param id the {@code sub} of the user's tokens
 * @param sequence of which event this is the state
 * @param search what the user can be found by, see {@link SearchTerms}
 * @param createdAt when Keycloak made the user, or else when the first event about the user came
 * @param updatedAt when the state last changed, as far as events have it
 * @param lastLogin when the user last signed in; null before the first time
 * @param deletedAt always null; what has it is a {@link Tombstone}
 */
@Document("users")
record StoredUser(
        @Id String id,
        long sequence,
        String username,
        @Nullable String email,
        boolean emailVerified,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phoneNumber,
        List<String> roles,
        boolean enabled,
        List<String> search,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastLogin,
        @Nullable Instant deletedAt) {

    /** Keeps what is personal out of logs. */
    @Override
    public String toString() {
        return "StoredUser[id=%s, sequence=%d]".formatted(id, sequence);
    }
}
