package io.perch.resourceserver.user;

import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * What is left of a deleted user. It has nothing personal. It stays until Keycloak has a user with this id again.
 *
 * @param id the {@code sub} of the tokens that the user had
 * @param deletedAt when Keycloak deleted the user; null for a recreated user
 * @param deletedSequence the sequence of the deletion's event; null where an earlier version did not store it
 * @param counts what the user had, counted before anything was destroyed; null until then
 * @param erasedAt when everything was destroyed; null until then
 * @param recreatedAt when this server learned that Keycloak has a user with this id again; null while the user is deleted
 * @param revisitAt when somebody has to look at it; null at the end
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

    // As they are stored; a query by the properties of StoredUser does not translate them
    static final String DELETED_SEQUENCE = "deleted_sequence";
    static final String ERASED_AT = "erased_at";
    static final String RECREATED_AT = "recreated_at";
    static final String REVISIT_AT = "revisit_at";
}
