package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.Document;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.mongodb.core.MongoOperations;

/**
 * The tasks of one user on a database of their own, with everything that can happen to them, and what must always be
 * true. The database's clock is moved by hand.
 */
final class TaskModel implements AutoCloseable {

    private static final String USER = "user";
    private static final List<String> NAMES = List.of("one", "two");

    private final MovableClock clock = new MovableClock();
    private final MongoServer server = new MongoServer(new MemoryBackend(clock));
    private final ConfigurableApplicationContext context;
    private final Tasks tasks;
    private final UserTasks userTasks;
    private final AdminTasks adminTasks;
    private final DueTasks dueTasks;
    private final Submissions submissions;
    private final DatabaseTime time;
    private final MongoOperations mongo;
    private final List<String> ids = new ArrayList<>();
    private final List<Task> claims = new ArrayList<>();
    private final Map<String, List<TaskTransition>> histories = new HashMap<>();

    TaskModel() {
        server.bind("127.0.0.1", 0);
        context = ModelContext.start(server.getLocalAddress().getPort(), Keysets.generate(), Clock.systemUTC());
        tasks = context.getBean(Tasks.class);
        userTasks = context.getBean(UserTasks.class);
        adminTasks = context.getBean(AdminTasks.class);
        dueTasks = context.getBean(DueTasks.class);
        submissions = context.getBean(Submissions.class);
        time = context.getBean(DatabaseTime.class);
        mongo = context.getBean(MongoOperations.class);
    }

    /** Forgets everything. */
    void reset() {
        for (String collection : mongo.getCollectionNames()) {
            mongo.getCollection(collection).deleteMany(new Document());
        }
        ids.clear();
        claims.clear();
        histories.clear();
    }

    void submit(int name) {
        TwitterCredentials credentials = new TwitterCredentials(NAMES.get(name % 2), "secret", "+1234567", null);
        ids.add(submissions.submit(USER, credentials, null).id());
    }

    void claim(int which, String instance) {
        any(ids, which).flatMap(id -> tasks.claim(id, instance)).ifPresent(claims::add);
    }

    /** Ends an attempt that was claimed at some time; it may have lost its task since. */
    void end(int which, String how) {
        Task claimed = any(claims, which).orElse(null);
        if (claimed == null) {
            return;
        }
        TaskError error = new TaskError("unavailable", "no answer", true);
        switch (how) {
            case "succeed" -> tasks.succeed(claimed);
            case "fail" -> tasks.fail(claimed, error);
            case "retry" -> tasks.retry(claimed, error, null);
            case "limit" -> tasks.retry(claimed, error, clock.instant().plusSeconds(90));
            case "challenge" -> tasks.challenge(claimed, "email", "continuation");
            case "wrong code" -> {
                if (claimed.challenge() != null) {
                    tasks.wrongCode(claimed);
                }
            }
            case "hand back" -> tasks.handBack(claimed);
            default -> throw new IllegalArgumentException(how);
        }
    }

    void renew(int which, String instance) {
        any(claims, which).ifPresent(claimed -> tasks.renew(List.of(claimed), instance));
    }

    void answer(int which) {
        own(which, task -> userTasks.answer(task, "123456"));
    }

    void cancel(int which) {
        own(which, userTasks::cancel);
    }

    void replay(int which) {
        own(which, task -> adminTasks.retry(task.id()));
    }

    void deleteAccount(int which) {
        own(which, task -> userTasks.onAccountDeleted(new AccountDeleted(USER, task.twitterUserId())));
    }

    void sweep() {
        dueTasks.take(100);
    }

    void pass(Duration duration) {
        clock.forward(duration);
        time.refresh();
    }

    /** Asserts what must be true of every task after whatever happened. */
    void check() {
        Set<String> running = new HashSet<>();
        Instant now = time.instant();
        for (Task task : mongo.findAll(Task.class)) {
            String story = task.toString();
            boolean isFinal = task.status().isFinal();
            assertThat(task.dueAt() == null)
                    .as("what is open is due, what is final is not: %s", story)
                    .isEqualTo(isFinal);
            assertThat(task.completedAt() != null).as(story).isEqualTo(isFinal);
            assertThat(task.leaseUntil() != null).as(story).isEqualTo(task.status() == TaskStatus.RUNNING);
            assertThat(task.nextAttemptAt() != null).as(story).isEqualTo(task.status() == TaskStatus.RETRYING);
            assertThat(task.error() != null && task.status() == TaskStatus.SUCCESS)
                    .as(story)
                    .isFalse();
            assertThat(task.attempt()).as(story).isLessThanOrEqualTo(task.attemptLimit());
            Instant lease = task.leaseUntil();
            if (lease != null && lease.isAfter(now)) {
                assertThat(running.add(task.twitterUserId()))
                        .as("one login at a time: %s", story)
                        .isTrue();
            }
            checkHistory(task);
        }
    }

    /** Lets everything that is open come to its end, as it would if nothing else happened. */
    void settle() {
        for (int round = 0; round < 200 && open() > 0; round++) {
            for (String id : ids) {
                tasks.claim(id, "last").ifPresent(tasks::succeed);
            }
            pass(Duration.ofSeconds(45));
            sweep();
            check();
        }
        assertThat(open()).as("tasks that never end").isZero();
    }

    @Override
    public void close() {
        context.close();
        server.shutdownNow();
    }

    private long open() {
        return mongo.findAll(Task.class).stream()
                .filter(task -> !task.status().isFinal())
                .count();
    }

    private void checkHistory(Task task) {
        List<TaskTransition> history = task.history();
        List<TaskTransition> before = histories.getOrDefault(task.id(), List.of());
        assertThat(history.subList(0, Math.min(before.size(), history.size())))
                .as("a history only grows")
                .isEqualTo(before);
        for (int i = 1; i < history.size(); i++) {
            assertThat(history.get(i - 1).status().canBecome(history.get(i).status()))
                    .as("%s", history)
                    .isTrue();
        }
        assertThat(history.get(history.size() - 1).status()).isEqualTo(task.status());
        histories.put(task.id(), history);
    }

    /** Does what the task's owner asks for, who may be told that it is not possible now. */
    private void own(int which, Consumer<Task> what) {
        any(ids, which).flatMap(id -> userTasks.find(USER, id)).ifPresent(task -> {
            try {
                what.accept(task);
            } catch (ProblemException e) {
                assertThat(e.getStatusCode().value()).isEqualTo(409);
            }
        });
    }

    private static <T> Optional<T> any(List<T> list, int which) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(which % list.size()));
    }
}
