package io.perch.resourceserver.user;

import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * What is left of a deleted user. It stays for good, and has nothing personal.
 *
 * @param id the {@code sub} of the tokens that the user had
 * @param deletedAt when Keycloak deleted the user
 * @param counts what the user had, counted before anything was destroyed; null until then
 * @param erasedAt when everything was destroyed; null until then
 * @param revisitAt when somebody has to look at it; null at the end
 */
@Document("users")
record Tombstone(
        @Id String id,
        Instant deletedAt,
        @Nullable Counts counts,
        @Nullable Instant erasedAt,
        @Nullable Instant revisitAt) {}
