package io.perch.resourceserver.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoException;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.account.AccountDeleted;
import io.perch.resourceserver.account.AccountResealing;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.crypto.ResealCounts;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.mongo.IndexBuilder;
import io.perch.resourceserver.mongo.MongoProxy;
import io.perch.resourceserver.mongo.MongoProxy.Fault;
import io.perch.resourceserver.task.TaskClaims.Claim;
import io.perch.resourceserver.web.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bson.Document;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoOperations;

/**
 * The tasks of two users in their own database, all operations on them, and the conditions that must always hold. Tests
 * move the database's clock. As in a real instance, a login runs from its claim until its runner ends it, or until it
 * stops shortly before the lease ends. Overlaps are checked with these simulated logins and not with the documents.
 */
final class TaskModel implements AutoCloseable {

    private static final List<String> USERS = List.of("alice", "bob");
    private static final List<String> NAMES = List.of("one", "two");

    /** A login that runs on an instance. */
    private record Run(ClaimedTask claimed, String instance, AtomicReference<Instant> leaseFrom) {}

    private final MovableClock clock = new MovableClock();
    private final MongoServer server = new MongoServer(new MemoryBackend(clock));
    private final MongoProxy faults;
    private final Set<String> deletedUsers = ConcurrentHashMap.newKeySet();
    private final Map<String, ActLog.Entry> audit = new ConcurrentHashMap<>();
    private final ConfigurableApplicationContext context;
    private final TaskClaims claims;
    private final TaskPoll poll;
    private final TaskResults results;
    private final TaskOutcomes outcomes;
    private final TaskLeases leases;
    private final UserTasks userTasks;
    private final AdminTasks adminTasks;
    private final OwnedTasks ownedTasks;
    private final TwitterAccounts accounts;
    private final Submissions submissions;
    private final DatabaseTime time;
    private final MongoOperations mongo;
    private final List<TaskKey> keys = new ArrayList<>();
    private final List<Run> running = new ArrayList<>();
    private final List<DueTask> stale = new ArrayList<>();
    private final Map<String, List<TaskTransition>> histories = new HashMap<>();
    private final List<String> steps = new ArrayList<>();

    TaskModel() {
        server.bind("127.0.0.1", 0);
        try {
            faults = new MongoProxy(server.getLocalAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context = ModelContext.start(
                faults.port(),
                Keysets.generate(),
                users -> users.stream().filter(deletedUsers::contains).collect(Collectors.toSet()),
                acts -> acts.forEach(entry -> audit.putIfAbsent(entry.act().id(), entry)));
        claims = context.getBean(TaskClaims.class);
        poll = context.getBean(TaskPoll.class);
        results = context.getBean(TaskResults.class);
        outcomes = context.getBean(TaskOutcomes.class);
        leases = context.getBean(TaskLeases.class);
        userTasks = context.getBean(UserTasks.class);
        adminTasks = context.getBean(AdminTasks.class);
        ownedTasks = context.getBean(OwnedTasks.class);
        accounts = context.getBean(TwitterAccounts.class);
        submissions = context.getBean(Submissions.class);
        time = context.getBean(DatabaseTime.class);
        mongo = context.getBean(MongoOperations.class);
        context.getBean(IndexBuilder.class).buildAll();
    }

    /** Deletes everything except the indexes. */
    void reset() {
        faults.repair();
        for (String collection : List.of("task_statuses", "twitter_users")) {
            mongo.getCollection(collection).deleteMany(new Document());
        }
        keys.clear();
        running.clear();
        stale.clear();
        deletedUsers.clear();
        histories.clear();
        steps.clear();
    }

    void submit(int which) {
        String user = USERS.get(which % 2);
        TwitterCredentials credentials = new TwitterCredentials(NAMES.get(which / 2 % 2), "secret", "+1234567", null);
        attempt(() -> {
            Task task = submissions.submit(user, credentials, null);
            keys.add(task.key());
            stale.add(DueTask.waiting(task.id(), user, task.twitterUserId(), 0));
        });
    }

    /** Claims tasks that a poll of the database finds. */
    void claimDue(String instance, int room) {
        attempt(() -> start(
                claims.claim(poll.due(4 * room).claimable().stream().limit(room).toList(), Set.of(), instance),
                instance));
    }

    /** Claims a task from a record of any age. */
    void claimStale(int which, String instance) {
        any(stale, which)
                .ifPresent(task -> attempt(() -> start(claims.claim(List.of(task), Set.of(), instance), instance)));
    }

    private void start(Claim claim, String instance) {
        claim.tasks().forEach(task -> running.add(new Run(task, instance, new AtomicReference<>(time.instant()))));
        stale.addAll(claim.blocked());
    }

    /** Ends several attempts in one batch. */
    void end(int which, String how, int size) {
        List<Run> group = new ArrayList<>();
        for (int i = 0; i < size && !running.isEmpty(); i++) {
            group.add(running.remove(which % running.size()));
        }
        if (group.isEmpty()) {
            return;
        }
        attempt(() -> results.write(group.stream()
                .map(run -> new TaskResult(run.claimed().task(), outcome(how, run)))
                .toList()));
    }

    private TaskOutcome outcome(String how, Run run) {
        TaskError error = new TaskError("unavailable", "no answer", true);
        boolean hasChallenge = run.claimed().task().challenge() != null;
        return switch (how) {
            case "succeed" -> outcomes.succeed();
            case "fail" -> outcomes.fail(error);
            case "retry" -> outcomes.retry(error, null);
            case "limit" -> outcomes.retry(error, clock.instant().plusSeconds(90));
            case "challenge" -> outcomes.challenge("email", "continuation");
            case "wrong code" -> hasChallenge ? outcomes.wrongCode() : outcomes.retry(error, null);
            case "hand back" -> outcomes.handBack();
            default -> throw new IllegalArgumentException(how);
        };
    }

    /** An instance crashes: its logins end, and its documents do not change. */
    void crash(String instance) {
        running.removeIf(run -> run.instance().equals(instance));
    }

    void renew(String instance) {
        List<Run> own =
                running.stream().filter(run -> run.instance().equals(instance)).toList();
        if (own.isEmpty()) {
            return;
        }
        Map<TaskKey, String> held = new HashMap<>();
        own.forEach(run -> held.put(run.claimed().task().key(), run.claimed().claim()));
        Instant asked = time.instant();
        attempt(() -> {
            Set<String> ours = leases.renew(held);
            own.forEach(run -> {
                if (ours.contains(run.claimed().task().id())) {
                    run.leaseFrom().set(asked);
                } else {
                    running.remove(run);
                }
            });
        });
    }

    void answer(int which) {
        own(which, task -> userTasks.answer(task, "123456"));
    }

    void cancel(int which) {
        own(which, userTasks::cancel);
    }

    void replay(int which) {
        own(which, task -> adminTasks.retry(task, List.of()));
    }

    void deleteAccount(int which) {
        own(which, task -> {
            ownedTasks.onAccountDeleted(new AccountDeleted(task.userId(), task.twitterUserId()));
        });
    }

    void reseal() {
        ResealCounts counts = new ResealCounts(new PrintStream(OutputStream.nullOutputStream()));
        attempt(() -> {
            context.getBean(TaskResealing.class).run(counts);
            context.getBean(AccountResealing.class).run(counts);
        });
        assertThat(counts.failedCount()).isZero();
    }

    void eraseUser(int which) {
        String user = USERS.get(which % 2);
        deletedUsers.add(user);
        attempt(() -> {
            accounts.deleteAll(user, null);
            ownedTasks.deleteAll(user, null);
        });
    }

    /** A command fails, before or after the database executed it. */
    void breakNext(int passing, Fault fault) {
        faults.breakNext(passing, fault);
    }

    void pass(Duration duration) {
        clock.forward(duration);
        time.refresh();
        // Each instance stops a login before another instance may start it
        Instant now = time.instant();
        running.removeIf(run ->
                Objects.requireNonNull(run.leaseFrom().get()).plusSeconds(54).isBefore(now));
    }

    /** Checks the conditions that must hold after every step. */
    void check() {
        Map<String, Long> logins = new HashMap<>();
        running.forEach(run -> logins.merge(run.claimed().task().twitterUserId(), 1L, Long::sum));
        assertThat(logins.values())
                .as("one login at a time for an account: %s", steps)
                .allMatch(count -> count == 1);
        for (Document document : mongo.getCollection("task_statuses").find()) {
            Task task = TaskDocument.read(document);
            String text = task + " after " + steps;
            boolean isFinal = task.status().isFinal();
            if (!isFinal) {
                assertThat(task.dueAt()).as("an open task has due_at: %s", text).isNotNull();
            } else if (task.dueAt() == null) {
                assertThat(task.lease()).as(text).isNull();
                assertThat(task.acts()).as(text).isEmpty();
            }
            assertThat(task.completedAt() != null).as(text).isEqualTo(isFinal);
            assertThat(document.containsKey("slot"))
                    .as("a slot belongs to an attempt: %s", text)
                    .isEqualTo(document.containsKey("claim"));
            if (task.status() == TaskStatus.RUNNING) {
                assertThat(task.lease()).as(text).isNotNull();
            }
            assertThat(task.nextAttemptAt() != null).as(text).isEqualTo(task.status() == TaskStatus.RETRYING);
            assertThat(isFinal && task.credentials() != null).as(text).isFalse();
            assertThat(task.error() != null && task.status() == TaskStatus.SUCCESS)
                    .as(text)
                    .isFalse();
            assertThat(task.attempt()).as(text).isLessThanOrEqualTo(task.attemptLimit());
            checkHistory(task);
        }
    }

    /** Runs until all open tasks have ended, without other operations. */
    void settle() {
        faults.repair();
        for (int round = 0; round < 300 && open() > 0; round++) {
            claimDue("last", 10);
            end(0, "succeed", 10);
            pass(Duration.ofSeconds(45));
            check();
        }
        assertThat(open())
                .as(
                        "tasks that do not end: %s",
                        mongo.getCollection("task_statuses").find().into(new ArrayList<>()))
                .isZero();
        for (String user : deletedUsers) {
            ownedTasks.deleteAll(user, null);
            assertThat(ownedTasks.count(user)).isZero();
        }
        claimDue("last", 10);
        pass(Duration.ofMinutes(2));
        claimDue("last", 10);
        for (Document task : mongo.getCollection("task_statuses").find()) {
            assertThat(task).as("no work is left").doesNotContainKeys("due_at", "slot", "claim");
        }
    }

    @Override
    public void close() {
        context.close();
        try {
            faults.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.shutdownNow();
    }

    private long open() {
        return mongo.getCollection("task_statuses").find().into(new ArrayList<>()).stream()
                .filter(task -> !TaskStatus.ofWireName(task.getString("status")).isFinal())
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

    /** Runs an operation of the task's owner. It may be refused because of the task's state. */
    private void own(int which, Consumer<Task> what) {
        any(keys, which)
                .ifPresent(key ->
                        attempt(() -> userTasks.find(key.userId(), key.taskId()).ifPresent(task -> {
                            try {
                                what.accept(task);
                            } catch (ProblemException e) {
                                assertThat(e.getStatusCode().value()).isIn(404, 409);
                            }
                        })));
    }

    /** Runs an operation. The database may become unavailable during it. */
    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (DataAccessException | MongoException | ProblemException e) {
            steps.add("broken: " + e.getMessage());
        }
    }

    void record(String step) {
        steps.add(step);
    }

    private static <T> Optional<T> any(List<T> list, int which) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(which % list.size()));
    }
}
