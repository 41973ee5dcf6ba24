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
 * @param sequence the sequence of the event with this state
 * @param search the search terms, see {@link SearchTerms}
 * @param createdAt when Keycloak created the user; if unknown, the time of the first event
 * @param updatedAt when the state last changed, according to events
 * @param lastLogin when the user last signed in; null before the first time
 * @param deletedAt always null; a document with a value is a {@link Tombstone}
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

    /** Keeps personal data out of logs. */
    @Override
    public String toString() {
        return "StoredUser[id=%s, sequence=%d]".formatted(id, sequence);
    }
}
