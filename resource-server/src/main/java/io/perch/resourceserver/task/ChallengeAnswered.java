package io.perch.resourceserver.task;

/**
 * A user answered a task's challenge, and the answer was taken. Published as an application event on the request's own thread,
 * before the user is answered.
 *
 * @param userId the owner: the {@code sub} of the owner's tokens
 * @param taskId the task
 */
public record ChallengeAnswered(String userId, String taskId) {}
