package io.perch.resourceserver.task;

import com.mongodb.MongoException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoWriteConcernException;
import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.crypto.DerivedId;
import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.mongo.DocumentIds;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * Accepts logins. Stores each as a task, once for each idempotency key. One insert stores the task with the sealed credentials
 * and the act of its submission. Nothing else is written, so a refused request changes nothing.
 */
@Component
class Submissions {

    /** How long a request repeats its insert if the connection broke and it is unknown whether the task was stored. */
    private static final Duration INSERT_TIMEOUT = Duration.ofSeconds(30);

    /** Tasks of earlier uses of a key are kept this much longer than the idempotency window, for requests in progress. */
    private static final Duration KEEP_MARGIN = Duration.ofHours(1);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int MAX_TRIES = 5;

    private static final Logger log = LoggerFactory.getLogger(Submissions.class);

    private final TaskRepository tasks;
    private final TaskRetentionRepository retention;
    private final TwitterAccounts accounts;
    private final Sealer sealer;
    private final TaskProperties properties;
    private final Admission admission;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;
    private final RetryTemplate insertRetries = new RetryTemplate(RetryPolicy.builder()
            .includes(DataAccessResourceFailureException.class)
            .maxRetries(Long.MAX_VALUE)
            .timeout(INSERT_TIMEOUT)
            .delay(Duration.ofMillis(200))
            .multiplier(2)
            .maxDelay(Duration.ofSeconds(2))
            .build());

    Submissions(
            TaskRepository tasks,
            TaskRetentionRepository retention,
            TwitterAccounts accounts,
            Sealer sealer,
            TaskProperties properties,
            Admission admission,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.tasks = tasks;
        this.retention = retention;
        this.accounts = accounts;
        this.sealer = sealer;
        this.properties = properties;
        this.admission = admission;
        this.events = events;
        this.time = time;
    }

    /**
     * Finds the task of an earlier request with the same key.
     *
     * @return the task; empty if there was no such request, or its idempotency window is over
     * @throws ProblemException 422 if that request had another body
     */
    Optional<Task> earlier(String userId, IdempotencyKey key, TwitterCredentials credentials) {
        return latest(userId, key).task().map(task -> requireSameRequest(task, credentials));
    }

    /**
     * Admits a request. Must be called before anything else is done for it.
     *
     * @throws ProblemException 503 while the server is overloaded
     */
    void enter() {
        admission.enter();
    }

    /** Must be called after {@link #enter}, when the request has ended. */
    void leave() {
        admission.leave();
    }

    /** Stores a task with the credentials of the request. */
    Task submit(String userId, TwitterCredentials credentials, @Nullable IdempotencyKey key) {
        String accountId = TwitterAccounts.id(userId, credentials.username());
        SealedCredentials sealed = accounts.seal(userId, accountId, credentials);
        if (key == null) {
            String id = DocumentIds.next();
            return insert(newTask(id, userId, accountId, credentials.username(), sealed, null, ActKind.TASK_SUBMITTED));
        }
        String id = unusedId(userId, key);
        String fingerprint = sealer.seal(fingerprint(credentials), fingerprintField(userId, id));
        return requireSameRequest(
                insert(newTask(
                        id, userId, accountId, credentials.username(), sealed, fingerprint, ActKind.TASK_SUBMITTED)),
                credentials);
    }

    /** Stores a task for an account whose credentials are already stored. */
    Task submitStored(String userId, String accountId, String username) {
        String id = DocumentIds.next();
        return insert(newTask(id, userId, accountId, username, null, null, ActKind.ACCOUNT_LOGIN));
    }

    private Task newTask(
            String id,
            String userId,
            String accountId,
            String username,
            @Nullable SealedCredentials credentials,
            @Nullable String fingerprint,
            ActKind act) {
        Instant now = time.instant();
        return new Task(
                id,
                userId,
                accountId,
                username,
                TaskStatus.PENDING,
                0,
                properties.maxAttempts(),
                now,
                null,
                null,
                null,
                null,
                credentials,
                fingerprint,
                Act.ofCurrentRequest(act),
                0,
                now,
                now,
                null,
                List.of(new TaskTransition(TaskStatus.PENDING, now, 0, null)));
    }

    /**
     * Returns only after the task is stored. If the connection breaks, it is unknown whether the insert succeeded. The ID is
     * known, so the same insert is repeated until the database answers.
     */
    private Task insert(Task task) {
        try {
            return insertOrFind(task);
        } catch (DataAccessResourceFailureException e) {
            return retryInsert(task, e);
        }
    }

    private Task retryInsert(Task task, DataAccessResourceFailureException broken) {
        if (!mayBeStored(broken)) {
            throw broken;
        }
        try {
            return insertRetries.execute(() -> insertOrFind(task));
        } catch (RetryException e) {
            log.warn("task_id={} user_id={} may be stored or not", task.id(), task.userId());
            ProblemException unknown = new ProblemException(
                    ProblemType.SERVICE_UNAVAILABLE,
                    "It is unknown whether the login was stored. Look for its task later");
            unknown.getBody().setProperty("task_id", task.id());
            throw unknown.retryAfter(RETRY_AFTER);
        }
    }

    /** If no connection was established, nothing was sent. */
    private static boolean mayBeStored(DataAccessResourceFailureException broken) {
        Throwable cause = broken.getCause();
        return cause instanceof MongoSocketException
                || cause instanceof MongoOperationTimeoutException
                || cause instanceof MongoWriteConcernException
                || (cause instanceof MongoException failed && failed.getCode() > 0);
    }

    private Task insertOrFind(Task task) {
        try {
            tasks.insert(
                    task, task.fingerprint() == null ? null : task.createdAt().plus(properties.idempotencyWindow()));
        } catch (DuplicateKeyException e) {
            // A repeated request, or a repeat of this insert whose first reply was lost
            Task stored = tasks.find(task.key()).orElseThrow(() -> e);
            publish(stored);
            return stored;
        }
        TaskLog.changed(log, task);
        publish(task);
        return task;
    }

    private void publish(Task task) {
        events.publishEvent(new TaskChanged(task));
        if (task.status() == TaskStatus.PENDING) {
            events.publishEvent(TaskReady.of(task));
        }
    }

    private Task requireSameRequest(Task task, TwitterCredentials credentials) {
        String expected = fingerprint(credentials);
        String sealed = task.fingerprint();
        if (sealed == null || !MessageDigest.isEqual(bytes(expected), bytes(unsealed(task, sealed)))) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED, "A request with this 'Idempotency-Key' had another body");
        }
        return task;
    }

    /** If the key of a fingerprint no longer exists, the fingerprint matches no request. */
    private String unsealed(Task task, String sealed) {
        try {
            return sealer.unseal(sealed, fingerprintField(task.userId(), task.id()));
        } catch (UnsealException e) {
            return "";
        }
    }

    /**
     * Returns the ID for the next use of the key. Tasks of earlier uses are kept until the window is over: the ID is derived from
     * their number.
     */
    private String unusedId(String userId, IdempotencyKey key) {
        for (int i = 0; i < MAX_TRIES; i++) {
            Use use = latest(userId, key);
            Instant until = time.instant().plus(properties.idempotencyWindow()).plus(KEEP_MARGIN);
            if (use.before().isEmpty()
                    || retention.keep(use.before(), until) == use.before().size()) {
                return use.id();
            }
        }
        throw new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Earlier uses of the key are being removed")
                .retryAfter(Duration.ofSeconds(1));
    }

    /** A key may be used again after its window. Each use has its own ID. */
    private Use latest(String userId, IdempotencyKey key) {
        Instant expired = time.instant().minus(properties.idempotencyWindow());
        List<TaskKey> before = new ArrayList<>();
        for (int use = 0; ; use++) {
            String id = DerivedId.of("idempotency-key/" + userId + '/' + use + '/' + key.value());
            Optional<Task> task = tasks.find(new TaskKey(id, userId));
            if (task.isEmpty() || task.get().createdAt().isAfter(expired)) {
                return new Use(id, task, before);
            }
            before.add(task.get().key());
        }
    }

    /**
     * One use of a key.
     *
     * @param id the ID of its task
     * @param task its task; empty if it does not exist
     * @param before the tasks of earlier uses
     */
    private record Use(String id, Optional<Task> task, List<TaskKey> before) {}

    /** The result is sealed, because it contains a hash of the password. A plain hash could be used to guess the password. */
    private static String fingerprint(TwitterCredentials credentials) {
        return DerivedId.of("%s|%s|%s|%s"
                .formatted(
                        credentials.username(),
                        credentials.phoneNumber(),
                        credentials.email(),
                        credentials.password()));
    }

    private static SealedField fingerprintField(String userId, String taskId) {
        return new SealedField(userId, taskId, "fingerprint");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
