package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.pipeline.Claimer.Claimed;
import io.perch.resourceserver.task.Admission;
import io.perch.resourceserver.task.DueTask;
import io.perch.resourceserver.task.TaskKey;
import io.perch.resourceserver.task.TaskPoll;
import io.perch.resourceserver.task.TaskPoll.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Polls for due tasks while this instance has capacity, and claims them. This loop handles every fault: a lost record, a failed
 * instance, a postponed task. Instances poll at different times and claim random parts, so that they rarely claim the same tasks.
 */
class ClaimLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);

    /** How many due tasks are read for each free login. */
    private static final int READ_AHEAD = 4;

    private static final int MAX_READ = 1_000;

    /** During a backlog, the loop waits this long after a login ends, so that one claim gets many tasks. */
    private static final Duration COLLECT = Duration.ofMillis(15);

    private final TaskPoll poll;
    private final Claimer claimer;
    private final RunningLogins logins;
    private final Admission admission;
    private final Duration interval;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Counter polls;
    private final Counter found;
    private final Semaphore signal = new Semaphore(0);
    private final ConcurrentLinkedQueue<DueTask> freed = new ConcurrentLinkedQueue<>();
    private volatile boolean backlog;
    private final LoopThread thread = new LoopThread("claim-loop", this::run);

    ClaimLoop(
            TaskPoll poll,
            Claimer claimer,
            RunningLogins logins,
            Admission admission,
            Duration interval,
            MeterRegistry meters) {
        this.poll = poll;
        this.claimer = claimer;
        this.logins = logins;
        this.admission = admission;
        this.interval = interval;
        this.polls = meters.counter("perch.pipeline.polls");
        this.found = meters.counter("perch.pipeline.polled");
    }

    /** Requests a poll as soon as there is capacity: there are due tasks that this instance could not claim. */
    void requestPoll() {
        backlog = true;
        signal.release();
    }

    /** Called when a login has ended and there is capacity again. */
    void onCapacity(List<DueTask> accountsFreed) {
        freed.addAll(accountsFreed);
        if (backlog || !accountsFreed.isEmpty()) {
            signal.release();
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() {
        thread.stop(interval.plusSeconds(5), signal::release);
    }

    @Override
    public boolean isRunning() {
        return thread.isRunning();
    }

    /** Stops before the running logins: no new ones start while they end. */
    @Override
    public int getPhase() {
        return RunningLogins.PHASE + 1;
    }

    private void run() {
        while (thread.isRunning()) {
            try {
                boolean signalled = signal.tryAcquire(pause(), TimeUnit.MILLISECONDS);
                if (signalled) {
                    TimeUnit.MILLISECONDS.sleep(COLLECT.toMillis());
                    signal.drainPermits();
                }
                if (thread.isRunning()) {
                    pollAndClaim(!signalled);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException e) {
                log.warn("The poll for due tasks failed, trying again: {}", e.getMessage());
            } catch (RuntimeException | Error e) {
                log.error("The poll for due tasks failed, trying again", e);
            }
        }
    }

    private void pollAndClaim(boolean intervalIsOver) {
        claimFreed();
        if ((intervalIsOver || backlog) && logins.capacity() > 0) {
            int capacity = logins.capacity();
            Due due = poll.due(Math.min(MAX_READ, capacity * READ_AHEAD));
            polls.increment();
            found.increment(due.claimable().size());
            // If all due tasks can be claimed now, there is no backlog, whatever their age
            admission.backlogAge(due.full() ? due.oldest() : Duration.ZERO);
            List<DueTask> part = randomPart(due.claimable(), capacity);
            Claimed claimed = claimer.claim(part, Set.of(), Map.of());
            boolean more = due.full()
                    || claimed == Claimed.SOME
                    || part.size() < due.claimable().size();
            backlog = more && claimed != Claimed.NOT_YET;
            if (backlog && logins.capacity() > 0) {
                signal.release();
            }
        } else if (intervalIsOver) {
            admission.backlogAge(poll.due(1).oldest());
        }
    }

    /** Claims tasks whose account was in use until a login on this instance ended. */
    private void claimFreed() {
        List<DueTask> tasks = new ArrayList<>();
        for (DueTask task = freed.poll(); task != null; task = freed.poll()) {
            tasks.add(task);
        }
        if (!tasks.isEmpty()) {
            Set<TaskKey> keys = tasks.stream().map(DueTask::key).collect(Collectors.toSet());
            claimer.claim(tasks, keys, Map.of());
        }
    }

    /** Keeps the order, so that the oldest task of an account comes first. */
    private List<DueTask> randomPart(List<DueTask> due, int size) {
        if (due.size() <= size) {
            return due;
        }
        List<Integer> indexes = IntStream.range(0, due.size()).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(indexes, new Random(random.nextLong()));
        return indexes.subList(0, size).stream().sorted().map(due::get).toList();
    }

    private long pause() {
        long half = interval.toMillis() / 2;
        return half + random.nextLong(half + 1);
    }
}
