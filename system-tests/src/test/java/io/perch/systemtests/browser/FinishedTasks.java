package io.perch.systemtests.browser;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.Document;

/**
 * Many finished tasks of one user. Each account logs in once through the API. The tasks are copies of its stored task, with other ids,
 * times and results. A retry of a copy uses the stored credentials of the account.
 */
final class FinishedTasks implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final Duration AGE = Duration.ofHours(6);
    private static final int ATTEMPTS = 8;

    private final MongoClient client;
    private final MongoCollection<Document> tasks;

    FinishedTasks(PerchSystem system) {
        client = MongoClients.create(system.mongoUri().orElseThrow());
        tasks = client.getDatabase(Objects.requireNonNullElse(System.getenv("DATABASE_NAME"), "twitter_login_kafka"))
                .getCollection("task_statuses");
    }

    /** The name of an account. A login with it succeeds. */
    static String account(int number) {
        return "perch_" + number;
    }

    /**
     * Stores tasks, evenly spread over the last six hours and over the accounts.
     *
     * @param failed how many of them failed at the last attempt because X was unavailable; the others succeeded
     */
    void insert(PerchApi api, TestUser user, int accounts, int count, int failed) {
        List<Document> models = models(api, user, accounts);
        Instant now = Instant.now();
        var batch = new ArrayList<Document>();
        for (int i = 0; i < count; i++) {
            Instant at = now.minus(AGE.multipliedBy(i).dividedBy(count));
            boolean hasFailed = (long) i * failed / count != (long) (i + 1) * failed / count;
            batch.add(copy(models.get(i % accounts), at, hasFailed));
            if (batch.size() == BATCH || i == count - 1) {
                tasks.insertMany(batch);
                batch.clear();
            }
        }
    }

    private List<Document> models(PerchApi api, TestUser user, int accounts) {
        List<String> ids = IntStream.range(0, accounts)
                .mapToObj(number -> api.submit(account(number), "any-password"))
                .toList();
        ids.forEach(api::awaitFinal);
        List<Document> models = tasks.find(Filters.eq("user_id", user.id())).into(new ArrayList<>());
        if (models.size() != accounts || !models.stream().allMatch(task -> "success".equals(task.get("status")))) {
            throw new AssertionError("Unexpected tasks: " + models);
        }
        return models;
    }

    private static Document copy(Document model, Instant at, boolean hasFailed) {
        Document copy = new Document(model)
                .append("_id", UUID.randomUUID().toString())
                .append("created_at", Date.from(at))
                .append("updated_at", Date.from(at))
                .append("completed_at", Date.from(at));
        // They belong to the request for the copied task
        copy.remove("fingerprint");
        copy.remove("forget_at");
        if (hasFailed) {
            copy.append("status", "failure")
                    .append("attempt", ATTEMPTS)
                    .append("attempt_limit", ATTEMPTS)
                    .append(
                            "error",
                            new Document("code", "unavailable")
                                    .append("message", "X was unavailable")
                                    .append("retryable", true))
                    .append("history", failure(at));
        }
        return copy;
    }

    private static List<Document> failure(Instant at) {
        var history = new ArrayList<>(List.of(step("pending", at, 0)));
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            history.add(step("running", at, attempt));
            history.add(step(attempt < ATTEMPTS ? "retrying" : "failure", at, attempt)
                    .append("detail", "unavailable"));
        }
        return history;
    }

    private static Document step(String status, Instant at, int attempt) {
        return new Document("status", status).append("at", Date.from(at)).append("attempt", attempt);
    }

    @Override
    public void close() {
        client.close();
    }
}
