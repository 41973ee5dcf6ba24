package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/**
 * Measures the logins a second in a realm with the listener and in one without it. Both use the same server and the same database
 * (PostgreSQL), and they alternate. The relay sends meanwhile, and the broker runs on the same machine. It only prints the results,
 * and the build does not run it. {@code docs/user-events.md} has its command.
 */
class ListenerBenchmark {

    private static final int USERS = 20;
    private static final int THREADS = 4;
    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 100);
    private static final int LOGINS_OF_A_ROUND = 40;
    private static final int WARM_UP_ROUNDS = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void loginsWithTheListenerAndWithoutIt() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start();
                KafkaBroker broker = KafkaBroker.start(directory);
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of("JAVA_OPTS_APPEND", ""),
                        List.of(
                                "--db=postgres",
                                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                                "--db-username=postgres",
                                "--db-password=",
                                "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()));
                Keycloak admin = keycloak.admin()) {
            EventsRealm with = new EventsRealm(
                    keycloak.address(), admin, List.of("jboss-logging", UserEventsListenerFactory.PROVIDER_ID));
            EventsRealm without = new EventsRealm(keycloak.address(), admin, List.of("jboss-logging"));
            IntStream.range(0, USERS).forEach(i -> {
                with.addUser(name(i));
                without.addUser(name(i));
            });
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                    round(threads, with);
                    round(threads, without);
                }
                compare(threads, with, without);
            } finally {
                threads.shutdown();
            }
        }
    }

    private static void compare(ExecutorService threads, EventsRealm with, EventsRealm without) throws Exception {
        double[] withs = new double[ROUNDS];
        double[] withouts = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            // The order alternates, so that garbage collection after one does not always slow down the other
            boolean withFirst = i % 2 == 0;
            double first = round(threads, withFirst ? with : without);
            double second = round(threads, withFirst ? without : with);
            withs[i] = withFirst ? first : second;
            withouts[i] = withFirst ? second : first;
            ratios[i] = withs[i] / withouts[i];
            System.out.printf(
                    "benchmark listener, round %d: with %.1f/s, without %.1f/s%n", i + 1, withs[i], withouts[i]);
        }
        System.out.printf(
                "benchmark listener, %d threads, medians of %d rounds of %d: with %.1f/s, without %.1f/s, ratio %.3f; median of the rounds' ratios %.3f%n",
                THREADS,
                ROUNDS,
                LOGINS_OF_A_ROUND,
                Numbers.median(withs),
                Numbers.median(withouts),
                Numbers.median(withs) / Numbers.median(withouts),
                Numbers.median(ratios));
    }

    /** Logins a second. */
    private static double round(ExecutorService threads, EventsRealm realm) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> work = () -> {
            for (int i = next.getAndIncrement(); i < LOGINS_OF_A_ROUND; i = next.getAndIncrement()) {
                assertFalse(realm.signInFails(name(i)));
            }
            return null;
        };
        long start = System.nanoTime();
        List<Future<Void>> running = threads.invokeAll(
                IntStream.range(0, THREADS).mapToObj(i -> work).toList());
        double seconds = (System.nanoTime() - start) / 1e9;
        for (Future<Void> one : running) {
            one.get();
        }
        return LOGINS_OF_A_ROUND / seconds;
    }

    private static String name(int i) {
        return "user-" + i % USERS;
    }
}
