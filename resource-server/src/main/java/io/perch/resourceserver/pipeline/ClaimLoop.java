package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Looks for due tasks while there is room, and claims them. This one loop repairs every fault: a record that was lost, an instance
 * that died, a task that was put off. Instances look at different times and take random parts, so that they rarely meet.
 */
class ClaimLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ClaimLoop.class);

    /** How many due tasks are read for each one that there is room for. */
    private static final int READ_AHEAD = 4;

    private static final int MOST_READ = 1_000;

    /** How long room is collected while there is a backlog, so that one claim brings many. */
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
    private volatile @Nullable Thread thread;

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

    /** There are due tasks that nobody had room for: looks for them as soon as there is room. */
    void backlog() {
        backlog = true;
        signal.release();
    }

    /** There is room again. */
    void room(List<DueTask> accountsFreed) {
        freed.addAll(accountsFreed);
        if (backlog || !accountsFreed.isEmpty()) {
            signal.release();
        }
    }

    @Override
    public void start() {
        Thread started = new Thread(this::run, "claim-loop");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        Thread stopped = thread;
        thread = null;
        signal.release();
        if (stopped != null) {
            try {
                stopped.join(interval.toMillis() + TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Before the running logins: while they end, no new ones come. */
    @Override
    public int getPhase() {
        return RunningLogins.PHASE + 1;
    }

    private void run() {
        while (thread != null) {
            try {
                boolean signalled = signal.tryAcquire(pause(), TimeUnit.MILLISECONDS);
                if (signalled) {
                    TimeUnit.MILLISECONDS.sleep(COLLECT.toMillis());
                    signal.drainPermits();
                }
                if (thread != null) {
                    look(!signalled);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException e) {
                log.warn("Due tasks are looked for later: {}", e.getMessage());
            } catch (RuntimeException | Error e) {
                log.error("Due tasks are looked for later", e);
            }
        }
    }

    private void look(boolean intervalIsOver) {
        claimFreed();
        if ((intervalIsOver || backlog) && logins.room() > 0) {
            int room = logins.room();
            Due due = poll.due(Math.min(MOST_READ, room * READ_AHEAD));
            polls.increment();
            found.increment(due.claimable().size());
            // Where all that is due can be claimed now, there is no backlog, however old it is.
            admission.backlogAge(due.full() ? due.oldest() : Duration.ZERO);
            List<DueTask> part = randomPart(due.claimable(), room);
            boolean all = claimer.claim(part, Set.of(), Map.of());
            backlog = due.full() || !all || part.size() < due.claimable().size();
            if (backlog && logins.room() > 0) {
                signal.release();
            }
        } else if (intervalIsOver) {
            admission.backlogAge(poll.due(1).oldest());
        }
    }

    /** Tasks that waited for an account of a login that ended here. */
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

    /** In their order, so that of an account's tasks the oldest comes first. */
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
