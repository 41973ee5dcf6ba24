package io.perch.resourceserver.user;

import java.time.Instant;

/**
 * A user was deleted in Keycloak, and what this server had of the user is destroyed. Published as an application event by one
 * instance, before it notes that this is done: should it die in between, the same is published once more, with the same
 * {@code userId} and {@code counts}.
 *
 * @param userId the {@code sub} of the tokens that the user had; a user with this id may be recreated
 * @param counts what there was
 * @param at when it was destroyed
 */
public record UserErased(String userId, Counts counts, Instant at) {

    /**
     * What a user had.
     *
     * @param accounts how many Twitter accounts, with their credentials
     * @param tasks how many tasks, in whatever state
     */
    public record Counts(long accounts, long tasks) {}
}
