package io.perch.resourceserver.account;

/**
 * An account was deleted and its credentials are gone. Published as an application event on the request's own thread, before the
 * owner gets the answer. Published again where the same call is repeated.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param accountId the id that the account had
 */
public record AccountDeleted(String userId, String accountId) {}
