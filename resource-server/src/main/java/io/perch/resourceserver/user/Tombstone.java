package io.perch.resourceserver.user;

import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * What remains of a deleted user, without personal data. It is kept until Keycloak has a user with this ID again.
 *
 * @param id the {@code sub} of the user's tokens
 * @param deletedAt when Keycloak deleted the user; null for a recreated user
 * @param deletedSequence the sequence of the deletion event; null if an earlier version did not store it
 * @param counts what the user had before the erasure; null until it is counted
 * @param erasedAt when all data was destroyed; null until then
 * @param recreatedAt when this server received the state of a recreated user with this ID; null while the user is deleted
 * @param revisitAt when an instance must process it again; null at the end
 */
@Document("users")
record Tombstone(
        @Id String id,
        @Nullable Instant deletedAt,
        @Nullable Long deletedSequence,
        @Nullable Counts counts,
        @Nullable Instant erasedAt,
        @Nullable Instant recreatedAt,
        @Nullable Instant revisitAt) {

    // Names in the database, because queries for StoredUser do not map these properties
    static final String DELETED_SEQUENCE = "deleted_sequence";
    static final String ERASED_AT = "erased_at";
    static final String RECREATED_AT = "recreated_at";
    static final String REVISIT_AT = "revisit_at";
}
