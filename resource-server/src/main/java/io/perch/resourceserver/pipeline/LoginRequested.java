package io.perch.resourceserver.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * The value of a Kafka record: which task wants to be run. It has ids only, never a secret.
 *
 * @param taskId the task
 * @param userId its owner
 * @param twitterUserId the account to log in to; also the record's key
 */
record LoginRequested(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("user_id") String userId,
        @JsonProperty("twitter_user_id") String twitterUserId) {

    LoginRequested {
        Objects.requireNonNull(taskId, "task_id is missing");
        Objects.requireNonNull(userId, "user_id is missing");
        Objects.requireNonNull(twitterUserId, "twitter_user_id is missing");
    }
}
