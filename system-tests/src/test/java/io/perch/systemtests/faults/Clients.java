package io.perch.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Submits logins to the instances in nextInstance and stores the answers. If a connection fails, a client with a key sends the
 * request again to another instance until it has an answer. A client without a key does not.
 */
final class Clients implements AutoCloseable {

    private static final int CONCURRENCY = 16;
    private static final Duration TIMEOUT = Duration.ofMinutes(4);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final SystemUnderTest system;
    private final Http http = new Http();
    private final AtomicInteger nextInstance = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Login> accepted = new ConcurrentHashMap<>();
    private final Queue<Answer> refused = new ConcurrentLinkedQueue<>();
    private final Queue<Login> unanswered = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService parallelClients = Executors.newFixedThreadPool(CONCURRENCY);
    private final ExecutorService waitingClients = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Clients(SystemUnderTest system) {
        this.system = system;
    }

    /** Submits all logins as fast as possible. */
    void submitAll(List<Login> logins) {
        pending.addAndGet(logins.size());
        logins.forEach(login -> parallelClients.execute(() -> submit(login)));
    }

    /** Submits the logins evenly over this time, without waiting for earlier ones. */
    void submitOver(List<Login> logins, Duration over) {
        pending.addAndGet(logins.size());
        for (int i = 0; i < logins.size(); i++) {
            var login = logins.get(i);
            var unused = clock.schedule(
                    () -> waitingClients.execute(() -> submit(login)),
                    over.toMillis() * i / logins.size(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Returns whether all clients have an answer. */
    boolean haveAnswers() {
        return pending.get() == 0;
    }

    /** Waits until all clients have an answer. */
    void awaitAnswers() {
        await().atMost(TIMEOUT).until(this::haveAnswers);
        failures.forEach(failure -> {
            throw new AssertionError("A client failed", failure);
        });
    }

    /** The logins that were accepted with 202, by task id. */
    Map<String, Login> accepted() {
        return Map.copyOf(accepted);
    }

    /** The answers that refused a login. */
    List<Answer> refused() {
        return List.copyOf(refused);
    }

    /** The logins without a key whose connection failed. It is unknown whether they were accepted. */
    List<Login> unanswered() {
        return List.copyOf(unanswered);
    }

    @Override
    public void close() {
        List.of(clock, parallelClients, waitingClients).forEach(ExecutorService::shutdownNow);
    }

    private void submit(Login login) {
        try {
            var answer = login.key() == null ? send(login) : Optional.of(sendUntilAccepted(login));
            answer.ifPresentOrElse(received -> keep(login, received), () -> unanswered.add(login));
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        } finally {
            pending.decrementAndGet();
        }
    }

    private void keep(Login login, Answer answer) {
        if (answer.status() != 202) {
            refused.add(answer);
        } else if (accepted.put(answer.field("task_id"), login) != null) {
            throw new AssertionError("Two requests are one task: " + answer);
        }
    }

    /**
     * After a failed connection, a refusal by another instance does not show whether the first instance accepted the
     * login. So the client repeats the request until it is accepted.
     */
    private Answer sendUntilAccepted(Login login) {
        var first = send(login);
        if (first.isPresent()) {
            return first.get();
        }
        return await().atMost(TIMEOUT)
                .pollInSameThread()
                .pollDelay(RETRY_INTERVAL)
                .pollInterval(RETRY_INTERVAL)
                .until(() -> send(login), answer -> answer.filter(received -> received.status() == 202)
                        .isPresent())
                .orElseThrow();
    }

    private Optional<Answer> send(Login login) {
        var instances = system.instances();
        var instance = instances.get(Math.floorMod(nextInstance.getAndIncrement(), instances.size()));
        var headers = new HashMap<String, String>();
        headers.put("Authorization", "Bearer " + tokens.computeIfAbsent(login.user(), system.issuer()::token));
        if (login.key() != null) {
            headers.put("Idempotency-Key", login.key());
        }
        try {
            return Optional.of(http.json("POST", instance.uri("/twitter-login"), headers, login.json()));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
