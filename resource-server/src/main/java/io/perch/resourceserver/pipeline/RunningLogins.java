package io.perch.resourceserver.pipeline;

import io.micrometer.tracing.Span;
import io.perch.resourceserver.task.ClaimedTask;
import io.perch.resourceserver.task.DueTask;
import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskKey;
import io.perch.resourceserver.task.TaskVersion;
import io.perch.resourceserver.task.TasksChangedElsewhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;

/**
 * The logins that this instance runs: as many at once as it is allowed to. A login uses room from before its claim until its result
 * is written. When the server stops, running logins may end, and those that take too long are handed back.
 */
class RunningLogins implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunningLogins.class);

    /** After the Kafka listeners, which bring new ones, and before everything that logins need to end. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private static final Duration LAST_WRITES = Duration.ofSeconds(5);
    private static final int MOST_WAITING = 100;

    private final Consumer<RunningLogin> runner;
    private final TaskExecutor executor;
    private final int limit;
    private final Duration drainTimeout;
    private final AtomicInteger used = new AtomicInteger();
    private final ConcurrentMap<String, RunningLogin> running = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<DueTask>> waitingByAccount = new ConcurrentHashMap<>();
    private volatile Consumer<List<DueTask>> onRoom = freed -> {};
    private volatile boolean started;

    /**
     * Makes an empty set.
     *
     * @param runner runs one login to its end, and has {@link #finished} called when its result is written
     * @param executor on what the logins run
     * @param limit how many may use room at once
     * @param drainTimeout how long running logins may take to end when the server stops
     */
    RunningLogins(Consumer<RunningLogin> runner, TaskExecutor executor, int limit, Duration drainTimeout) {
        this.runner = runner;
        this.executor = executor;
        this.limit = limit;
        this.drainTimeout = drainTimeout;
    }

    /** Sets what is called when there is room again, with the tasks whose account has become free. */
    void onRoom(Consumer<List<DueTask>> callback) {
        onRoom = callback;
    }

    /** Returns how many more logins there is room for. */
    int room() {
        return Math.max(0, limit - used.get());
    }

    int size() {
        return running.size();
    }

    Collection<RunningLogin> all() {
        return running.values();
    }

    /**
     * Reserves room.
     *
     * @return how much was reserved, at most {@code wanted}
     */
    int reserve(int wanted) {
        int before = used.getAndUpdate(now -> now + Math.max(0, Math.min(wanted, limit - now)));
        return Math.max(0, Math.min(wanted, limit - before));
    }

    /** Gives reserved room back that is not needed. */
    void release(int room) {
        used.addAndGet(-room);
    }

    /** Runs a login that this instance has claimed, in room that was reserved. */
    void run(ClaimedTask claimed, Span.@Nullable Builder trace) {
        RunningLogin login = new RunningLogin(claimed, trace);
        waitingByAccount.putIfAbsent(login.task().twitterUserId(), List.of());
        RunningLogin earlier = running.put(login.task().id(), login);
        if (earlier != null) {
            earlier.stop();
        }
        try {
            executor.execute(() -> runner.accept(login));
        } catch (TaskRejectedException e) {
            log.warn(
                    "task_id={} is left to its lease: the server stops",
                    login.task().id());
            finished(login);
        }
    }

    /** Remembers tasks whose account is in use here, and makes them known to {@link #onRoom} when it is free. */
    void remember(List<DueTask> blocked) {
        for (DueTask task : blocked) {
            waitingByAccount.computeIfPresent(task.account(), (account, before) -> {
                if (before.size() >= MOST_WAITING
                        || before.stream().anyMatch(other -> other.key().equals(task.key()))) {
                    return before;
                }
                List<DueTask> more = new ArrayList<>(before);
                more.add(task);
                return List.copyOf(more);
            });
        }
    }

    /** The result of a login is written, or it is left to its lease: its room is free. */
    void finished(RunningLogin login) {
        running.remove(login.task().id(), login);
        List<DueTask> waiting = waitingByAccount.remove(login.task().twitterUserId());
        used.decrementAndGet();
        onRoom.accept(waiting == null ? List.of() : waiting);
        synchronized (this) {
            notifyAll();
        }
    }

    /** A task that was ended, cancelled by its owner for one, has no use for its login. */
    @EventListener
    void onChange(TaskChanged changed) {
        stopIfEnded(changed.version());
    }

    @EventListener
    void onChangesElsewhere(TasksChangedElsewhere changes) {
        changes.versions().forEach(this::stopIfEnded);
    }

    private void stopIfEnded(TaskVersion version) {
        if (!version.status().isFinal()) {
            return;
        }
        TaskKey key = version.key();
        RunningLogin login = running.get(key.taskId());
        if (login != null && version.version() > login.task().version()) {
            login.stop();
        }
    }

    @Override
    public void start() {
        started = true;
    }

    /** Lets running logins end; those that take too long are handed back for another instance. */
    @Override
    public void stop() {
        started = false;
        awaitNone(drainTimeout);
        if (!running.isEmpty()) {
            log.info("{} logins are handed back", running.size());
            running.values().forEach(RunningLogin::stop);
            awaitNone(LAST_WRITES);
        }
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private synchronized void awaitNone(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            long left = timeout.toMillis();
            while (!running.isEmpty() && left > 0) {
                wait(left);
                left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
