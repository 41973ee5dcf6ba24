package io.perch.resourceserver.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.perch.resourceserver.task.DueTask;
import java.util.Objects;

/**
 * The value of a Kafka record: a task that can be claimed. It contains IDs only, never a secret.
 *
 * @param taskId the task
 * @param userId its owner
 * @param twitterUserId the account to log in to; also the record's key
 * @param attempt how often the task was claimed before. It is 0 in a record of an earlier version; if that is wrong, the claim
 *     does nothing and the poll finds the task
 */
record LoginRequested(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("user_id") String userId,
        @JsonProperty("twitter_user_id") String twitterUserId,
        @JsonProperty("attempt") int attempt) {

    LoginRequested {
        Objects.requireNonNull(taskId, "task_id is missing");
        Objects.requireNonNull(userId, "user_id is missing");
        Objects.requireNonNull(twitterUserId, "twitter_user_id is missing");
    }

    static LoginRequested of(DueTask task) {
        return new LoginRequested(task.key().taskId(), task.key().userId(), task.account(), task.attempt());
    }

    DueTask task() {
        return DueTask.waiting(taskId, userId, twitterUserId, attempt);
    }
}
