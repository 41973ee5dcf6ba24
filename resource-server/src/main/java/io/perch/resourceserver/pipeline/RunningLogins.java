package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskNews;
import io.perch.resourceserver.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The logins that this instance runs: as many at once as it is allowed to. It keeps their leases, stops those that are
 * its own no more, and when the server stops lets them end, or gives them back.
 */
class RunningLogins implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunningLogins.class);

    /** After the Kafka listeners, which bring new ones, and before everything that logins need to end. */
    static final int PHASE = DEFAULT_PHASE - 512;

    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final Tasks tasks;
    private final LoginRunner runner;
    private final TaskExecutor executor;
    private final Intake intake;
    private final PipelineProperties properties;
    private final String instance;
    private final ConcurrentMap<String, RunningLogin> running = new ConcurrentHashMap<>();
    private volatile boolean started;

    RunningLogins(
            Tasks tasks,
            LoginRunner runner,
            TaskExecutor executor,
            Intake intake,
            PipelineProperties properties,
            String instance) {
        this.tasks = tasks;
        this.runner = runner;
        this.executor = executor;
        this.intake = intake;
        this.properties = properties;
        this.instance = instance;
    }

    /** Runs a login that this instance has claimed, and takes no more when that makes enough. */
    void run(Task claimed) {
        RunningLogin login = new RunningLogin(claimed);
        RunningLogin earlier = running.put(claimed.id(), login);
        if (earlier != null) {
            earlier.stop();
        }
        intake.adjust(running::size);
        try {
            executor.execute(() -> {
                try {
                    runner.run(login);
                } finally {
                    ended(login);
                }
            });
        } catch (TaskRejectedException e) {
            // The server stops; the task's lease runs out, and somebody else takes it over.
            ended(login);
            throw e;
        }
    }

    int size() {
        return running.size();
    }

    /** A task that ended since, cancelled by its owner for one, has no use for its login. */
    @EventListener
    void onNews(TaskNews news) {
        RunningLogin login = running.get(news.task().taskId());
        if (login != null
                && news.version() > login.task().version()
                && news.task().status().isFinal()) {
            login.stop();
        }
    }

    /** Keeps the leases of logins that take long. */
    @Scheduled(
            fixedDelayString = "${perch.pipeline.renew-interval:5s}",
            initialDelayString = "${perch.pipeline.renew-interval:5s}")
    void renew() {
        long lease = tasks.lease().toNanos();
        List<RunningLogin> old = running.values().stream()
                .filter(login -> login.leaseAge() > lease / 3)
                .toList();
        if (old.isEmpty()) {
            return;
        }
        try {
            long asked = System.nanoTime();
            Set<String> ours = tasks.renew(old.stream().map(RunningLogin::task).toList(), instance);
            old.forEach(login -> confirm(login, ours.contains(login.task().id()), asked));
        } catch (DataAccessException e) {
            log.warn("{} leases were not renewed: {}", old.size(), e.getMessage());
        }
    }

    /**
     * Before somebody else may take a task over, this instance must have let go of it. This waits for no database, which
     * may be what the lease was not renewed for.
     */
    @Scheduled(fixedDelayString = "500ms")
    void letGo() {
        long lease = tasks.lease().toNanos();
        running.values().stream()
                .filter(login -> login.leaseAge() > lease * 9 / 10)
                .forEach(RunningLogin::stop);
    }

    @Override
    public void start() {
        started = true;
    }

    /** Lets running logins end; those that take too long are given back for another instance. */
    @Override
    public void stop() {
        started = false;
        awaitNone(properties.drainTimeout());
        if (!running.isEmpty()) {
            log.info("{} logins are given back", running.size());
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

    private void confirm(RunningLogin login, boolean ours, long asked) {
        if (ours) {
            login.leasedAt(asked);
        } else {
            login.stop();
        }
    }

    private void ended(RunningLogin login) {
        running.remove(login.task().id(), login);
        intake.adjust(running::size);
        synchronized (this) {
            notifyAll();
        }
    }

    private synchronized void awaitNone(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        long slice = Math.max(1, tasks.lease().toMillis() / 6);
        try {
            long left = patience.toMillis();
            while (!running.isEmpty() && left > 0) {
                wait(Math.min(left, slice));
                renew();
                left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
