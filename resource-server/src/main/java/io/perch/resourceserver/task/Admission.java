package io.perch.resourceserver.task;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/**
 * Refuses new submissions while the server is overloaded: while too many are being stored at the same time, or while the most
 * overdue task waits too long. Refusal starts at a limit and ends at half of it, so that it does not switch on and off quickly. A
 * stored task is never refused.
 */
@Component
public class Admission {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final int maxSubmissions;
    private final Duration maxBacklogAge;
    private final AtomicInteger submissions = new AtomicInteger();
    private final Counter busy;
    private final Counter behind;
    private volatile Duration backlogAge = Duration.ZERO;
    private volatile boolean isBusy;
    private volatile boolean isBehind;

    Admission(TaskProperties properties, MeterRegistry meters) {
        this.maxSubmissions = properties.maxSubmissions();
        this.maxBacklogAge = properties.maxBacklogAge();
        this.busy = refused("submissions", meters);
        this.behind = refused("backlog", meters);
        Gauge.builder("perch.tasks.submissions", submissions, AtomicInteger::get)
                .description("Submissions that are being stored")
                .register(meters);
    }

    /** Sets how long the most overdue task has been due. Called by the poll for due tasks. */
    public void backlogAge(Duration age) {
        backlogAge = age;
        isBehind = age.compareTo(isBehind ? maxBacklogAge.dividedBy(2) : maxBacklogAge) > 0;
    }

    /** Returns how long the most overdue task had been due at the last poll. */
    Duration backlogAge() {
        return backlogAge;
    }

    /**
     * Admits a submission. The caller must call {@link #leave} afterwards.
     *
     * @throws ProblemException 503 with {@code Retry-After} while the server is overloaded
     */
    void enter() {
        if (isBehind) {
            behind.increment();
            throw refusal();
        }
        int now = submissions.incrementAndGet();
        if (now > maxSubmissions) {
            isBusy = true;
        }
        if (isBusy && now > maxSubmissions / 2) {
            submissions.decrementAndGet();
            busy.increment();
            throw refusal();
        }
        isBusy = false;
    }

    void leave() {
        submissions.decrementAndGet();
    }

    private static ProblemException refusal() {
        return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "The server is busy; nothing was stored")
                .retryAfter(RETRY_AFTER);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("perch.tasks.refused")
                .description("Submissions that were refused because the server cannot keep up")
                .tag("reason", reason)
                .register(meters);
    }
}
