package io.perch.resourceserver.user;

import java.time.Instant;

/**
 * An application event: a user was deleted in Keycloak, and this server destroyed the user's data. One instance publishes it
 * before it stores that the erasure is done. If the instance fails in between, it is published again with the same {@code userId}
 * and {@code counts}.
 *
 * @param userId the {@code sub} of the user's tokens; a user with this ID may be recreated
 * @param counts what the user had
 * @param at when it was destroyed
 */
public record UserErased(String userId, Counts counts, Instant at) {

    /**
     * What a user had.
     *
     * @param accounts the number of Twitter accounts, including their credentials
     * @param tasks the number of tasks in any state
     */
    public record Counts(long accounts, long tasks) {}
}
