package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskKey;
import io.perch.resourceserver.task.TaskLeases;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Renews the leases of running logins, and stops logins whose lease is about to expire. Each job has its own platform thread, so
 * a hanging database call or a busy scheduler delays neither. The second job makes no calls to the database.
 */
class LeaseKeeper implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

    private final Supplier<Collection<RunningLogin>> logins;
    private final TaskLeases leases;
    private final Duration lease;
    private final Duration renewInterval;
    private volatile @Nullable ScheduledExecutorService renewal;
    private volatile @Nullable ScheduledExecutorService expiry;

    LeaseKeeper(Supplier<Collection<RunningLogin>> logins, TaskLeases leases, Duration lease, Duration renewInterval) {
        this.logins = logins;
        this.leases = leases;
        this.lease = lease;
        this.renewInterval = renewInterval;
    }

    @Override
    public void start() {
        renewal = every(renewInterval, "lease-renewal", this::renew);
        expiry = every(CHECK_INTERVAL, "lease-expiry", this::stopExpired);
    }

    @Override
    public void stop() {
        stop(renewal);
        stop(expiry);
        renewal = null;
        expiry = null;
    }

    @Override
    public boolean isRunning() {
        return expiry != null;
    }

    /** Stops after the last login: leases are renewed until then. */
    @Override
    public int getPhase() {
        return RunningLogins.PHASE - 1;
    }

    void renew() {
        List<RunningLogin> old = logins.get().stream()
                .filter(login -> login.leaseAge() > lease.toNanos() / 3)
                .toList();
        if (old.isEmpty()) {
            return;
        }
        Map<TaskKey, String> claims = new HashMap<>();
        old.forEach(login -> claims.put(
                new TaskKey(login.task().id(), login.task().userId()),
                login.claimed().claim()));
        try {
            long requestedAt = System.nanoTime();
            Set<String> held = leases.renew(claims);
            for (RunningLogin login : old) {
                if (held.contains(login.task().id())) {
                    login.leasedAt(requestedAt);
                } else {
                    login.stop();
                }
            }
        } catch (DataAccessException e) {
            log.warn("{} leases were not renewed: {}", old.size(), e.getMessage());
        }
    }

    /** Stops logins before another instance may take their tasks over. */
    void stopExpired() {
        logins.get().stream()
                .filter(login -> login.leaseAge() > lease.toNanos() * 9 / 10)
                .forEach(RunningLogin::stop);
    }

    private static ScheduledExecutorService every(Duration interval, String name, Runnable action) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        var unused = executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        action.run();
                    } catch (RuntimeException | Error e) {
                        log.error("{} failed and will run again", name, e);
                    }
                },
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
        return executor;
    }

    private static void stop(@Nullable ScheduledExecutorService executor) {
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
