package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.perch.localstack.Stack.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StackTest {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8));

    @Test
    void aComponentStartsAfterTheOnesItNeedsAndStopsBeforeThem() throws Exception {
        var store = new Member(new Recorded("store"));
        var api = new Member(new Recorded("api"), store);
        var stack = new Stack(List.of(store, api), console);

        var run = running(stack);
        await().until(() -> events.contains("up"));
        stack.stop();
        run.join();

        assertThat(events).containsExactly("store starts", "api starts", "up", "api stops", "store stops");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("[store] ready in ", "[api] stopped");
    }

    @Test
    void independentComponentsStartInParallel() {
        var both = new CountDownLatch(2);
        Recorded.Work meet = () -> {
            both.countDown();
            both.await();
        };
        var stack = new Stack(
                List.of(new Member(new Recorded("one", meet)), new Member(new Recorded("two", meet))), console);

        var run = running(stack);
        await().until(() -> events.contains("up"));
        stack.stop();
        run.join();
    }

    @Test
    void aFailedStartIsReportedWithItsLogAndTheOthersCanBeStopped() {
        var store = new Member(new Recorded("store"));
        var broken = new Member(new Recorded("broken", () -> {
            throw new IOException("ended with code 1");
        }));
        var api = new Member(new Recorded("api"), broken);
        var stack = new Stack(List.of(store, broken, api), console);

        assertThatThrownBy(() -> stack.run(() -> {}))
                .isInstanceOf(StackException.class)
                .hasMessage("broken did not start: ended with code 1; its log is broken.log");
        stack.stop();

        assertThat(events).contains("store stops", "broken stops").doesNotContain("api starts", "api stops", "up");
    }

    @Test
    void theStackFailsWhenAComponentEnds() {
        var redis = new Recorded("redis");
        var stack = new Stack(List.of(new Member(redis)), console);

        assertThatThrownBy(() -> stack.run(() -> redis.alive = false))
                .isInstanceOf(StackException.class)
                .hasMessage("redis has ended unexpectedly; its log is redis.log");
    }

    @Test
    void aStopInterruptsAStartAndStopsTheComponent() {
        var never = new CountDownLatch(1);
        var stack = new Stack(List.of(new Member(new Recorded("slow", never::await))), console);

        var run = running(stack);
        await().until(() -> events.contains("slow starts"));
        stack.stop();
        run.join();

        assertThat(events).containsExactly("slow starts", "slow stops");
    }

    private CompletableFuture<Void> running(Stack stack) {
        return CompletableFuture.runAsync(() -> {
            try {
                stack.run(() -> events.add("up"));
            } catch (StackException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A component that records its calls. */
    private final class Recorded implements Component {

        interface Work {
            void run() throws Exception;
        }

        private final String name;
        private final Work start;
        private volatile boolean alive = true;

        Recorded(String name) {
            this(name, () -> {});
        }

        Recorded(String name, Work start) {
            this.name = name;
            this.start = start;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Path log() {
            return Path.of(name + ".log");
        }

        @Override
        public void start() throws Exception {
            events.add(name + " starts");
            start.run();
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public void stop() {
            events.add(name + " stops");
        }
    }
}
