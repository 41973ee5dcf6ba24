package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.process.FreePorts;
import io.perch.systemtests.process.ServerProcess;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The milliseconds from the moment when Keycloak stops accepting a token until two resource servers refuse it, for each row of the
 * table in {@code docs/user-events.md}. Prints the median and the worst of {@code -Dperch.benchmark.rounds} rounds (20). If the system
 * was not started by the tests, {@code ENCRYPTION_KEYSET_FILE} has its keyset.
 */
@PerchSystemTest
class RefusalTimesBenchmark {

    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 20);
    private static final int WARM_UP = 3;
    private static final Duration GOAL = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Path JAR = Path.of("..", "resource-server", "target", "resource-server.jar");

    private final PerchSystem system;
    private final Http http = new Http();
    private final ExecutorService pollers = Executors.newFixedThreadPool(3);
    private final int port = new FreePorts().next();

    @AutoClose
    private final ServerProcess secondInstance;

    private final TokenEnds ends;

    RefusalTimesBenchmark(PerchSystem system) {
        this.system = system;
        this.ends = new TokenEnds(system);
        this.secondInstance = ServerProcess.java(
                List.of("-Xmx384m", "-jar", JAR.toAbsolutePath().normalize().toString()),
                environment(),
                Path.of("target", "second-instance.log"));
    }

    @BeforeEach
    void awaitSecondInstance() {
        var health = URI.create("http://127.0.0.1:" + port + "/health");
        await().atMost(START_LIMIT)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> {
                    assertThat(secondInstance.isAlive())
                            .as("see target/second-instance.log")
                            .isTrue();
                    return http.get(health, Map.of()).status() == 200;
                });
    }

    @AfterEach
    void stopPollers() {
        pollers.shutdownNow();
    }

    @Test
    void everyInstanceRefusesAVoidTokenWithinASecond() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            measure(ends.all().get(0));
        }
        var tooSlow = new ArrayList<String>();
        System.out.printf("%n%-60s %9s %9s   (milliseconds, %d rounds)%n", "", "median", "worst", ROUNDS);
        for (TokenEnd end : ends.all()) {
            int rounds = end.repeatable() ? ROUNDS : 1;
            var times = new ArrayList<Long>();
            try {
                for (int i = 0; i < rounds; i++) {
                    times.add(measure(end));
                }
            } catch (ExecutionException | AssertionError e) {
                System.out.printf("%-60s %s%n", end.name(), "was not refused: " + e.getMessage());
                tooSlow.add(end.name() + ": " + e.getMessage());
                end.restore().run();
                continue;
            }
            times.sort(null);
            long worst = times.get(rounds - 1);
            System.out.printf(
                    "%-60s %9d %9d%s%n", end.name(), times.get(rounds / 2), worst, rounds == 1 ? "   (1 round)" : "");
            if (worst > GOAL.toMillis()) {
                tooSlow.add(end.name() + ": " + worst + " ms");
            }
        }
        assertThat(tooSlow).isEmpty();
    }

    /** Milliseconds until the slower of the two instances refuses the token. */
    private long measure(TokenEnd end) throws Exception {
        SignedIn session = end.signIn().get();
        String token = session.accessToken();
        List<URI> instances =
                List.of(URI.create(system.api() + "/tasks"), URI.create("http://127.0.0.1:" + port + "/tasks"));
        for (URI instance : instances) {
            assertThat(status(instance, token)).as(end.name() + ", before").isEqualTo(200);
        }
        assertThat(status(ends.userinfo(), token)).as(end.name() + ", before").isEqualTo(200);
        end.end().accept(session);
        long ended = System.nanoTime();
        var refusals = new ArrayList<Callable<Long>>();
        instances.forEach(instance -> refusals.add(() -> awaitRefusal(end, instance, token)));
        if (end.refusedByUserinfo()) {
            refusals.add(() -> awaitRefusal(end, ends.userinfo(), token));
        }
        long last = ended;
        List<Future<Long>> refused = pollers.invokeAll(refusals);
        for (Future<Long> time : refused.subList(0, instances.size())) {
            last = Math.max(last, time.get());
        }
        if (end.refusedByUserinfo()) {
            refused.get(instances.size()).get();
        }
        end.restore().run();
        return Duration.ofNanos(last - ended).toMillis();
    }

    private long awaitRefusal(TokenEnd end, URI address, String token) {
        await(end.name() + " at " + address)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> isRefused(address, token));
        return System.nanoTime();
    }

    /** A realm without the name or without the id is not found. */
    private boolean isRefused(URI address, String token) {
        int status = status(address, token);
        return status == 401 || (address.equals(ends.userinfo()) && status == 404);
    }

    private int status(URI address, String token) {
        return http.get(address, Map.of("Authorization", "Bearer " + token)).status();
    }

    private Map<String, String> environment() {
        Path keyset = system.dataDirectory()
                .map(data -> data.resolve("secrets").resolve("encryption-keyset.json"))
                .orElseGet(() -> Path.of(System.getenv("ENCRYPTION_KEYSET_FILE")));
        var environment = new HashMap<String, String>();
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("KEYCLOAK_ISSUER_URI", system.keycloak() + "/realms/perch");
        environment.put("KAFKA_BROKER_URL", system.kafkaBootstrap());
        environment.put("MONGO_URI", system.mongoUri().orElseThrow());
        environment.put("ENCRYPTION_KEYSET_FILE", keyset.toAbsolutePath().toString());
        return environment;
    }
}
