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
 * Starts the components side by side, each as soon as those that it needs serve; watches them; stops them.
 *
 * <p>One component that fails to start, or dies, ends the stack: half a system only hides what is wrong.
 */
final class Stack {

    /**
     * A component of the stack.
     *
     * @param needs those that have to serve before it can start
     * @param serving completes when it serves
     */
    record Member(Component component, List<Member> needs, CompletableFuture<Void> serving) {

        Member(Component component, Member... needs) {
            this(component, List.of(needs), new CompletableFuture<>());
        }
    }

    private static final Duration WATCH_PAUSE = Duration.ofMillis(200);

    /** A child may have ended because of a stop: Ctrl-C can reach it before this launcher has acted on it. */
    private static final Duration STOP_MAY_FOLLOW = Duration.ofMillis(500);

    private static final Duration ABANDONED_START = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final List<Member> members;
    private final Console console;
    private final ExecutorService workers = Executors.newCachedThreadPool(Stack::daemon);
    private final Set<Member> touched = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable StackException> failedStart = new AtomicReference<>();
    private volatile boolean stopping;

    /** Takes the members in an order in which each comes after those that it needs; they stop in reverse. */
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
     * Starts everything and watches it until {@link #stop()} is called from another thread.
     *
     * @param whenUp runs once, when every component serves
     * @throws StackException if a component fails; the others are still running then
     */
    void run(Runnable whenUp) throws StackException, InterruptedException {
        members.forEach(this::startWhenNeedsServe);
        boolean announced = false;
        while (!stopping) {
            var problem = problem();
            if (problem.isPresent()) {
                // Ctrl-C ends the children too: then their end is no failure, and the stop follows at once
                Thread.sleep(STOP_MAY_FOLLOW.toMillis());
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
            // The children are polled for their end
            Thread.sleep(WATCH_PAUSE.toMillis());
        }
    }

    private void startWhenNeedsServe(Member member) {
        var needs = member.needs().stream().map(Member::serving).toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.allOf(needs).thenRunAsync(() -> start(member), workers);
    }

    private void start(Member member) {
        touched.add(member);
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
            // Only a stop interrupts, and it ends this component next
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
                .map(dead -> StackException.of(dead.name(), "has ended unexpectedly", dead.log()));
    }

    /** Stops everything that was started, last first, in a bounded time. Returns when all have stopped, also when another thread began it. */
    synchronized void stop() {
        if (stopping) {
            return;
        }
        stopping = true;
        try {
            workers.shutdownNow();
            workers.awaitTermination(ABANDONED_START.toMillis(), TimeUnit.MILLISECONDS);
            var lastFirst = new ArrayList<>(members);
            Collections.reverse(lastFirst);
            for (var member : lastFirst) {
                if (touched.contains(member)) {
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
