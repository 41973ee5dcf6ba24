package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/**
 * After every fault Kafka has the same events as Keycloak's own event tables: none is missing, none is added, and those of each
 * user are in order. It runs only with the profile {@code faults}.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
class UserEventsFaultsIT {

    private static final int USERS = 20;
    private static final int THREADS = 8;
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final String FORM = "| %-54s | %8s | %8s | %6s | %7s | %10s | %6s | %s";

    private final List<String> table = new ArrayList<>();

    @TempDir
    Path directory;

    private EmbeddedPostgres database;
    private KafkaBroker broker;

    @BeforeEach
    void startServers() throws Exception {
        database = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .start();
        broker = KafkaBroker.start(Files.createTempDirectory(directory, "broker"));
    }

    @AfterEach
    void stopServers() throws Exception {
        broker.close();
        database.close();
    }

    @AfterAll
    void print() {
        System.out.println("\nUser events:\n"
                + FORM.formatted("fault", "answered", "refused", "events", "at Kafka", "duplicates", "faults", ""));
        table.forEach(System.out::println);
    }

    @Test
    void theBrokerStopsForAMinuteDuringTwentyLoginsASecond() throws Exception {
        try (KeycloakProcess keycloak = start();
                Keycloak admin = keycloak.admin()) {
            EventsRealm realm = realmWithUsers(keycloak, admin);
            warmUp(realm);
            broker.stop();
            Answers answers = new Answers();
            loginsASecond(20, Duration.ofSeconds(60), answers, realm);
            long waited = EventComparison.waiting(database);
            broker.start();
            long up = System.nanoTime();
            awaitEmpty();
            double seconds = (System.nanoTime() - up) / 1e9;

            assertEquals(0, answers.refused.get());
            assertTrue(waited >= 20 * 60, () -> waited + " rows waited");
            compare(
                    "Kafka away for 60 s under 20 logins a second",
                    answers,
                    realm,
                    "%d rows waited, gone %.1f s after the broker began to start; login p50 %.0f ms, p99 %.0f ms"
                            .formatted(waited, seconds, answers.percentile(50), answers.percentile(99)));
        }
    }

    @Test
    void keycloakIsKilledDuringAThousandRegistrations() throws Exception {
        KeycloakProcess keycloak = start();
        Answers answers = new Answers();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        String name;
        try (Keycloak admin = keycloak.admin()) {
            EventsRealm realm = new EventsRealm(keycloak.address(), admin);
            name = realm.name;
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String user = "user-" + i;
                running.add(threads.submit(() -> answers.count(() -> realm.register(user) == 201)));
            }
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> answers.good.get() >= 500);
            keycloak.kill();
            for (Future<?> one : running) {
                one.get();
            }
        } finally {
            threads.shutdown();
        }
        try (KeycloakProcess again = start();
                Keycloak admin = again.admin()) {
            EventsRealm realm = new EventsRealm(again.address(), admin, name);
            awaitEmpty();
            assertTrue(realm.realm.users().count() >= answers.good.get());
            compare(
                    "SIGKILL of Keycloak in the middle of 1,000 registrations",
                    answers,
                    realm,
                    realm.realm.users().count() + " users there");
        }
    }

    @Test
    void anotherNodeSendsAfterTheFirstIsKilled() throws Exception {
        anotherNodeSends(
                KeycloakProcess::kill,
                Duration.ofSeconds(10),
                Duration.ofSeconds(40),
                "SIGKILL of the sending one of two nodes, 20 logins a second");
    }

    @Test
    void anotherNodeSendsAfterTheFirstStops() throws Exception {
        EventComparison comparison = anotherNodeSends(
                KeycloakProcess::close,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                "SIGTERM of the sending one of two nodes, 20 logins a second");
        assertEquals(0, comparison.duplicates());
    }

    /**
     * Ends the sending one of two nodes under load.
     *
     * @param end how the node ends
     * @param before how long the load lasts until then
     * @param load how long it lasts in all
     */
    private EventComparison anotherNodeSends(
            Consumer<KeycloakProcess> end, Duration before, Duration load, String fault) throws Exception {
        try (KeycloakProcess one = start("--cache=ispn");
                KeycloakProcess other = start("--cache=ispn");
                Keycloak admin = other.admin()) {
            EventsRealm realm = realmWithUsers(other, admin);
            EventsRealm sameRealm = new EventsRealm(one.address(), admin, realm.name);
            warmUp(realm);
            assertTrue(one.metrics().contains("perch_outbox_leading 1"), "the first node sends");
            Answers answers = new Answers();
            ScheduledExecutorService ender = Executors.newSingleThreadScheduledExecutor();
            try {
                var unused = ender.schedule(() -> end.accept(one), before.toSeconds(), TimeUnit.SECONDS);
                loginsASecond(20, load, answers, realm, sameRealm);
            } finally {
                ender.shutdown();
            }
            awaitEmpty();
            assertTrue(other.metrics().contains("perch_outbox_leading 1"), "the other node sends");
            return compare(fault, answers, realm, "");
        }
    }

    private EventComparison compare(String fault, Answers answers, EventsRealm realm, String remark) throws Exception {
        EventComparison comparison = EventComparison.of(database, broker, realm);
        String line = FORM.formatted(
                fault,
                answers.good,
                answers.refused,
                comparison.kept(),
                comparison.arrived(),
                comparison.duplicates(),
                comparison.faults().size(),
                "at Kafka after p50 %.0f ms, p99 %.0f ms, at most %.0f ms%s"
                        .formatted(
                                Numbers.percentile(comparison.delays(), 50),
                                Numbers.percentile(comparison.delays(), 99),
                                Numbers.percentile(comparison.delays(), 100),
                                remark.isEmpty() ? "" : "; " + remark));
        table.add(line);
        System.out.println(line);
        assertEquals(List.of(), comparison.faults().stream().limit(5).toList());
        return comparison;
    }

    private KeycloakProcess start(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--db=postgres",
                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                "--db-username=postgres",
                "--db-password=",
                "--spi-realm-restapi-extension--auth-api--registration-budget=100000",
                "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()));
        options.addAll(List.of(more));
        return KeycloakProcess.start(Map.of("JAVA_OPTS_APPEND", "-Djgroups.bind.address=127.0.0.1"), options);
    }

    private static EventsRealm realmWithUsers(KeycloakProcess keycloak, Keycloak admin) {
        EventsRealm realm = new EventsRealm(keycloak.address(), admin);
        IntStream.range(0, USERS).forEach(i -> realm.addUser(user(i)));
        return realm;
    }

    private static void warmUp(EventsRealm realm) {
        IntStream.range(0, 2 * USERS).forEach(i -> realm.signInFails(user(i)));
    }

    private static String user(int i) {
        return "user-" + i % USERS;
    }

    private static void loginsASecond(int rate, Duration time, Answers answers, EventsRealm... realms)
            throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2 * THREADS);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        long count = rate * time.toSeconds();
        for (long i = 0; i < count; i++) {
            running.add(threads.schedule(
                    () -> {
                        int login = next.getAndIncrement();
                        answers.count(() -> !realms[login % realms.length].signInFails(user(login)));
                    },
                    i * 1000 / rate,
                    TimeUnit.MILLISECONDS));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
    }

    private void awaitEmpty() {
        Awaitility.await()
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> EventComparison.waiting(database) == 0);
    }

    /** The answers that clients got. */
    private static final class Answers {

        private interface Call {
            boolean isGood();
        }

        final AtomicInteger good = new AtomicInteger();
        final AtomicInteger refused = new AtomicInteger();
        private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());

        void count(Call call) {
            long start = System.nanoTime();
            boolean isGood;
            try {
                isGood = call.isGood();
            } catch (AssertionError e) {
                // No answer
                isGood = false;
            }
            millis.add((System.nanoTime() - start) / 1e6);
            (isGood ? good : refused).incrementAndGet();
        }

        double percentile(int percent) {
            return Numbers.percentile(millis, percent);
        }
    }
}
