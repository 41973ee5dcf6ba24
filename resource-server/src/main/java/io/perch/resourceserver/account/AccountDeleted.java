package io.perch.resourceserver.account;

/**
 * An application event: an account and its credentials were deleted. It is published on the request's thread, before the
 * response. It is published again if the request is repeated.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param accountId the ID of the deleted account
 */
public record AccountDeleted(String userId, String accountId) {}
