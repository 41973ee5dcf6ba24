package io.perch.resourceserver.account;

/**
 * An account was deleted and its credentials are gone. Published as an application event, once, on the instance that
 * deleted it, before the owner gets the answer; an instance that dies in between publishes nothing.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param accountId the id that the account had
 */
public record AccountDeleted(String userId, String accountId) {}
