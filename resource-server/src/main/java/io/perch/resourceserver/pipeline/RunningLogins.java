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
 * The logins that run on this instance, and their limit. A login uses capacity from before its claim until its result is stored.
 * When the server stops, running logins may end. Those that take too long are stopped, and their tasks are released for other
 * instances.
 */
class RunningLogins implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunningLogins.class);

    /** Stops after the Kafka listeners, which start logins, and before the components that logins need to end. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 100;

    private final Consumer<RunningLogin> runner;
    private final TaskExecutor executor;
    private final int limit;
    private final Duration drainTimeout;
    private final AtomicInteger used = new AtomicInteger();
    private final ConcurrentMap<String, RunningLogin> running = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<DueTask>> waitingByAccount = new ConcurrentHashMap<>();
    private volatile Consumer<List<DueTask>> onCapacity = freed -> {};
    private volatile boolean started;

    /**
     * Creates an empty set.
     *
     * @param runner runs one login to its end and has {@link #finished} called when the result is stored
     * @param executor runs the logins
     * @param limit the largest number of concurrent logins
     * @param drainTimeout how long running logins may continue when the server stops
     */
    RunningLogins(Consumer<RunningLogin> runner, TaskExecutor executor, int limit, Duration drainTimeout) {
        this.runner = runner;
        this.executor = executor;
        this.limit = limit;
        this.drainTimeout = drainTimeout;
    }

    /** Sets the callback for new capacity. Its argument has the tasks whose account has become free. */
    void onCapacity(Consumer<List<DueTask>> callback) {
        onCapacity = callback;
    }

    /** Returns how many more logins may start. */
    int capacity() {
        return Math.max(0, limit - used.get());
    }

    int size() {
        return running.size();
    }

    Collection<RunningLogin> all() {
        return running.values();
    }

    /**
     * Reserves capacity.
     *
     * @return how much was reserved, at most {@code wanted}
     */
    int reserve(int wanted) {
        int before = used.getAndUpdate(now -> now + Math.max(0, Math.min(wanted, limit - now)));
        return Math.max(0, Math.min(wanted, limit - before));
    }

    /** Releases reserved capacity that is not needed. */
    void release(int unused) {
        used.addAndGet(-unused);
    }

    /** Runs a claimed login. Its capacity must be reserved before. */
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
                    "task_id={} is not run, because the server stops; taken over when its lease expires",
                    login.task().id());
            finished(login);
        }
    }

    /**
     * Stores tasks whose account is in use on this instance. They are passed to the callback of {@link #onCapacity} when the
     * account is free.
     */
    void addWaiting(List<DueTask> blocked) {
        for (DueTask task : blocked) {
            waitingByAccount.computeIfPresent(task.account(), (account, before) -> {
                if (before.size() >= MAX_WAITING
                        || before.stream().anyMatch(other -> other.key().equals(task.key()))) {
                    return before;
                }
                List<DueTask> more = new ArrayList<>(before);
                more.add(task);
                return List.copyOf(more);
            });
        }
    }

    /** Must be called when the result of a login is stored or lost. Releases its capacity. */
    void finished(RunningLogin login) {
        running.remove(login.task().id(), login);
        List<DueTask> waiting = waitingByAccount.remove(login.task().twitterUserId());
        used.decrementAndGet();
        onCapacity.accept(waiting == null ? List.of() : waiting);
        synchronized (this) {
            notifyAll();
        }
    }

    /** Stops a login whose task has ended, for example because its owner cancelled it. */
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

    /** Waits for running logins. Those that take too long are stopped, and their tasks are released for other instances. */
    @Override
    public void stop() {
        started = false;
        awaitNone(drainTimeout);
        if (!running.isEmpty()) {
            log.info("{} logins are stopped; their tasks are released for other instances", running.size());
            running.values().forEach(RunningLogin::stop);
            awaitNone(WRITE_TIMEOUT);
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
