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
 * Submits logins, turn by turn to each instance, and keeps what it was told. Who hears nothing (the connection is refused
 * or breaks) asks another instance with the same key, until it knows; who has no key leaves it there.
 */
final class Clients implements AutoCloseable {

    private static final int AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final FragileSystem system;
    private final Http http = new Http();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger undecided = new AtomicInteger();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Login> accepted = new ConcurrentHashMap<>();
    private final Queue<Answer> refused = new ConcurrentLinkedQueue<>();
    private final Queue<Login> unanswered = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService crowd = Executors.newFixedThreadPool(AT_ONCE);
    private final ExecutorService patient = Executors.newCachedThreadPool();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Clients(FragileSystem system) {
        this.system = system;
    }

    /** Submits all, as fast as it goes. */
    void rush(List<Login> logins) {
        undecided.addAndGet(logins.size());
        logins.forEach(login -> crowd.execute(() -> submit(login)));
    }

    /** Submits one after the other over some time, whatever becomes of those before. */
    void spread(List<Login> logins, Duration over) {
        undecided.addAndGet(logins.size());
        for (int i = 0; i < logins.size(); i++) {
            var login = logins.get(i);
            var unused = clock.schedule(
                    () -> patient.execute(() -> submit(login)),
                    over.toMillis() * i / logins.size(),
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Returns whether nobody waits for an answer any more. */
    boolean haveAnswers() {
        return undecided.get() == 0;
    }

    /** Waits until nobody waits for an answer any more. */
    void awaitAnswers() {
        await().atMost(PATIENCE).until(this::haveAnswers);
        failures.forEach(failure -> {
            throw new AssertionError("A client failed", failure);
        });
    }

    /** The logins that were answered with 202, by the id of their task. */
    Map<String, Login> accepted() {
        return Map.copyOf(accepted);
    }

    /** The answers of those that were told that it will not be. */
    List<Answer> refused() {
        return List.copyOf(refused);
    }

    /** The logins whose clients cannot know. */
    List<Login> unanswered() {
        return List.copyOf(unanswered);
    }

    @Override
    public void close() {
        List.of(clock, crowd, patient).forEach(ExecutorService::shutdownNow);
    }

    private void submit(Login login) {
        try {
            var answer = login.key() == null ? send(login) : Optional.of(sendUntilKnown(login));
            answer.ifPresentOrElse(told -> keep(login, told), () -> unanswered.add(login));
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
        } finally {
            undecided.decrementAndGet();
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
     * Once an instance was silent, another one's refusal says nothing about what became of the request at the first, and
     * the client asks on.
     */
    private Answer sendUntilKnown(Login login) {
        var first = send(login);
        if (first.isPresent()) {
            return first.get();
        }
        return await().atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(AGAIN)
                .pollInterval(AGAIN)
                .until(() -> send(login), answer -> answer.filter(told -> told.status() == 202)
                        .isPresent())
                .orElseThrow();
    }

    private Optional<Answer> send(Login login) {
        var instances = system.instances();
        var instance = instances.get(Math.floorMod(turn.getAndIncrement(), instances.size()));
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
