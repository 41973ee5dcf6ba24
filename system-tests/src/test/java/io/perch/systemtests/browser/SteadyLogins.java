package io.perch.systemtests.browser;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Submits logins of one user at a constant rate. */
final class SteadyLogins implements AutoCloseable {

    /** A token expires during ten minutes. */
    private static final Duration TOKEN_USE = Duration.ofMinutes(1);

    private final PerchSystem system;
    private final TestUser user;
    private final int accounts;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger submitted = new AtomicInteger();
    private PerchApi api;
    private Instant renewal = Instant.now().plus(TOKEN_USE);

    SteadyLogins(PerchSystem system, TestUser user, int accounts, int perSecond) {
        this.system = system;
        this.user = user;
        this.accounts = accounts;
        this.api = PerchApi.as(system, user);
        var unused = executor.scheduleAtFixedRate(
                this::submit, 0, TimeUnit.SECONDS.toMicros(1) / perSecond, TimeUnit.MICROSECONDS);
    }

    private void submit() {
        if (Instant.now().isAfter(renewal)) {
            api = PerchApi.as(system, user);
            renewal = Instant.now().plus(TOKEN_USE);
        }
        api.submit(FinishedTasks.account(submitted.get() % accounts), "any-password");
        submitted.incrementAndGet();
    }

    /** The number of accepted logins. It does not grow any more after one was refused. */
    int submitted() {
        return submitted.get();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
