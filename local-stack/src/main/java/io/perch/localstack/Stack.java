package io.perch.localstack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts the components in parallel, watches them and stops them. A component starts when all components that it needs
 * have started.
 *
 * <p>If one component does not start, or ends, the whole stack stops. The user then sees the error at once.
 */
final class Stack {

    /**
     * A component of the stack.
     *
     * @param needs components that must have started before this one can start
     * @param serving completes when the component has started
     */
    record Member(Component component, List<Member> needs, CompletableFuture<Void> serving) {

        Member(Component component, Member... needs) {
            this(component, List.of(needs), new CompletableFuture<>());
        }
    }

    private static final Duration WATCH_PAUSE = Duration.ofMillis(200);

    /**
     * After Ctrl-C a child may end before this launcher has begun to stop. So the launcher waits for this time before
     * it reports a failure.
     */
    private static final Duration STOP_GRACE = Duration.ofMillis(500);

    private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final List<Member> members;
    private final Console console;
    private final ExecutorService workers = Executors.newCachedThreadPool(Stack::daemon);
    private final Set<Member> begun = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable StackException> failedStart = new AtomicReference<>();
    private volatile boolean stopping;

    /** @param members each after the members that it needs. They are stopped in reverse order */
    Stack(List<Member> members, Console console) {
        this.members = List.copyOf(members);
        this.console = console;
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts all components and watches them until another thread calls {@link #stop()}.
     *
     * @param whenUp runs once, when all components have started
     * @throws StackException if a component fails; the others still run then
     */
    void run(Runnable whenUp) throws StackException, InterruptedException {
        members.forEach(this::startAfterNeeds);
        boolean announced = false;
        while (!stopping) {
            var problem = problem();
            if (problem.isPresent()) {
                // Ctrl-C also ends the children. That is no failure, and the stop follows at once
                Thread.sleep(STOP_GRACE.toMillis());
                if (stopping) {
                    return;
                }
                throw problem.get();
            }
            if (!announced
                    && members.stream().allMatch(member -> member.serving().isDone())) {
                whenUp.run();
                announced = true;
            }
            // The children are polled, to detect their end
            Thread.sleep(WATCH_PAUSE.toMillis());
        }
    }

    private void startAfterNeeds(Member member) {
        var needs = member.needs().stream().map(Member::serving).toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.allOf(needs).thenRunAsync(() -> start(member), workers);
    }

    private void start(Member member) {
        begun.add(member);
        if (stopping) {
            return;
        }
        var component = member.component();
        var begin = Instant.now();
        try {
            component.start();
            var seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
            console.say(component.name(), "ready in %.1f s".formatted(seconds));
            member.serving().complete(null);
        } catch (InterruptedException e) {
            // Only a stop interrupts this thread, and it stops this component next
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            failedStart.compareAndSet(null, StackException.of(component.name(), reason(e), component.log()));
        }
    }

    private static String reason(Exception e) {
        return "did not start: " + (e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private Optional<StackException> problem() {
        var failed = failedStart.get();
        if (failed != null) {
            return Optional.of(failed);
        }
        return members.stream()
                .filter(member -> member.serving().isDone())
                .map(Member::component)
                .filter(component -> !component.isAlive())
                .findFirst()
                .map(ended -> StackException.of(ended.name(), "has ended unexpectedly", ended.log()));
    }

    /**
     * Stops all started components in reverse order, each with a time limit. Returns when all have stopped, also if
     * another thread called it first.
     */
    synchronized void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            workers.shutdownNow();
            workers.awaitTermination(INTERRUPT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            var lastFirst = new ArrayList<>(members);
            Collections.reverse(lastFirst);
            for (var member : lastFirst) {
                if (begun.contains(member)) {
                    stop(member.component());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Component component) throws InterruptedException {
        var stopper = Executors.newSingleThreadExecutor(Stack::daemon);
        try {
            stopper.submit(() -> {
                        component.stop();
                        return component;
                    })
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            console.say(component.name(), "stopped");
        } catch (ExecutionException e) {
            console.say(component.name(), "did not stop cleanly: " + e.getCause());
        } catch (TimeoutException e) {
            console.say(component.name(), "did not stop in " + STOP_LIMIT.toSeconds() + " s");
        } finally {
            stopper.shutdownNow();
        }
    }
}
