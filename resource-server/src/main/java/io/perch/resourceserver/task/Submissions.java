package io.perch.resourceserver.task;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import com.mongodb.MongoSocketException;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.DerivedId;
import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Accepts logins: stores each as a task, once for each idempotency key. */
@Component
class Submissions {

    /** How long a request waits to learn whether its task was stored, when the connection broke in the middle of it. */
    private static final Duration UNCERTAIN = Duration.ofSeconds(30);

    /** How far back requests are looked at that have nothing to be remembered for. */
    private static final Duration LOOKED_BACK = Duration.ofDays(30);

    private static final Logger log = LoggerFactory.getLogger(Submissions.class);

    private final TaskStore store;
    private final TwitterAccounts accounts;
    private final Sealer sealer;
    private final TaskProperties properties;
    private final ApplicationEventPublisher events;
    private final RetryTemplate untilCertain = new RetryTemplate(RetryPolicy.builder()
            .includes(DataAccessResourceFailureException.class)
            .maxRetries(Long.MAX_VALUE)
            .timeout(UNCERTAIN)
            .delay(Duration.ofMillis(200))
            .multiplier(2)
            .maxDelay(Duration.ofSeconds(2))
            .build());

    Submissions(
            TaskStore store,
            TwitterAccounts accounts,
            Sealer sealer,
            TaskProperties properties,
            ApplicationEventPublisher events) {
        this.store = store;
        this.accounts = accounts;
        this.sealer = sealer;
        this.properties = properties;
        this.events = events;
    }

    /**
     * Finds what an earlier request with the same key did.
     *
     * @return its task, or empty where there was no such request, or it is too long ago
     * @throws ProblemException 422 if that request was another one
     */
    Optional<Task> earlier(String userId, IdempotencyKey key, TwitterCredentials credentials) {
        return latest(userId, key).task().map(task -> theSame(task, credentials));
    }

    /** Stores a task for credentials that came with the request, and the credentials with it. */
    Task submit(String userId, TwitterCredentials credentials, @Nullable IdempotencyKey key) {
        String id =
                key == null ? UUID.randomUUID().toString() : latest(userId, key).id();
        String accountId = accounts.store(userId, credentials);
        Task task = insert(newTask(
                id,
                userId,
                accountId,
                credentials.username(),
                key == null ? null : sealer.seal(fingerprint(credentials), fingerprintOf(userId, id))));
        return key == null ? task : theSame(task, credentials);
    }

    /** Stores a task for an account whose credentials are there already. */
    Task submitStored(String userId, String accountId, String username) {
        return insert(newTask(UUID.randomUUID().toString(), userId, accountId, username, null));
    }

    /** Forgets what requests were like whose idempotency keys are forgotten: it is made of their passwords, too. */
    @Scheduled(fixedDelayString = "1h", initialDelayString = "1m")
    void forget() {
        try {
            Instant forgotten = store.now().minus(properties.idempotencyWindow());
            var old = where("status")
                    .in(List.of(TaskStatus.values()))
                    .and("createdAt")
                    .lte(forgotten)
                    .gt(forgotten.minus(LOOKED_BACK))
                    .and("fingerprint")
                    .ne(null);
            store.adjustAll(query(old), new Update().unset("fingerprint"));
        } catch (DataAccessException e) {
            log.warn("Old fingerprints are forgotten later: {}", e.getMessage());
        }
    }

    private Task newTask(String id, String userId, String accountId, String username, @Nullable String fingerprint) {
        Instant now = store.now();
        return new Task(
                id,
                userId,
                accountId,
                username,
                TaskStatus.PENDING,
                0,
                properties.maxAttempts(),
                now.plus(properties.publishWithin()),
                null,
                null,
                null,
                null,
                null,
                fingerprint,
                now,
                now,
                null,
                List.of(new TaskTransition(TaskStatus.PENDING, now, 0, null)));
    }

    /**
     * When this returns, the task is stored; whether anybody heard of it yet does not matter. A connection that breaks in
     * the middle leaves open whether it is; since the id is known, asking again tells.
     */
    private Task insert(Task task) {
        try {
            return insertOrFind(task);
        } catch (DataAccessResourceFailureException e) {
            return certain(task, e);
        }
    }

    private Task certain(Task task, DataAccessResourceFailureException broken) {
        if (!(broken.getCause() instanceof MongoSocketException)) {
            // No connection was to be had: nothing was sent.
            throw broken;
        }
        try {
            return untilCertain.execute(() -> insertOrFind(task));
        } catch (RetryException e) {
            throw broken;
        }
    }

    private Task insertOrFind(Task task) {
        Task stored;
        try {
            stored = store.insert(task);
        } catch (DuplicateKeyException e) {
            stored = store.find(task.id()).orElseThrow(() -> e);
        }
        events.publishEvent(TaskReady.of(stored));
        return stored;
    }

    private Task theSame(Task task, TwitterCredentials credentials) {
        String expected = fingerprint(credentials);
        String sealed = task.fingerprint();
        if (sealed == null || !MessageDigest.isEqual(bytes(expected), bytes(opened(task, sealed)))) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED, "A request with this 'Idempotency-Key' had another body");
        }
        return task;
    }

    /** A fingerprint whose key is gone is nobody's. */
    private String opened(Task task, String sealed) {
        try {
            return sealer.unseal(sealed, fingerprintOf(task.userId(), task.id()));
        } catch (UnsealException e) {
            return "";
        }
    }

    /** A key that was used too long ago may be used again; each use has an id of its own. */
    private Use latest(String userId, IdempotencyKey key) {
        Instant forgotten = store.now().minus(properties.idempotencyWindow());
        for (int use = 0; ; use++) {
            String id = DerivedId.of("idempotency-key/" + userId + '/' + use + '/' + key.value());
            Optional<Task> task = store.find(id);
            if (task.isEmpty() || task.get().createdAt().isAfter(forgotten)) {
                return new Use(id, task);
            }
        }
    }

    /** One use of a key: the id that its task has, or would have. */
    private record Use(String id, Optional<Task> task) {}

    /** Sealed, because what it is made of has a password in it, which a plain hash would give away to a guesser. */
    private static String fingerprint(TwitterCredentials credentials) {
        return DerivedId.of("%s|%s|%s|%s"
                .formatted(
                        credentials.username(),
                        credentials.phoneNumber(),
                        credentials.email(),
                        credentials.password()));
    }

    private static SealedField fingerprintOf(String userId, String taskId) {
        return new SealedField(userId, taskId, "fingerprint");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
