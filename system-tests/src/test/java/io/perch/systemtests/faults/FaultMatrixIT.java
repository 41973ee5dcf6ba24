package io.perch.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoDatabase;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * The fault matrix. In each row a fault occurs while hundreds of logins are in progress. Every accepted login must end
 * once and with the right result. No account may have two logins at the same time. It runs only with the profile
 * {@code faults}.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixIT {

    private static final Path DATA = Path.of("target", "faults");

    private static final long SEED = 4;
    private static final int IN_FLIGHT = 500;
    private static final int REPEATS = 5;
    private static final Duration AT_LEAST = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private final List<MatrixRow> table = new ArrayList<>();

    @AfterAll
    void print() {
        System.out.println("\nThe fault matrix:\n" + MatrixRow.head());
        table.forEach(row -> System.out.println(row.line()));
    }

    @Test
    void oneInstanceIsKilled(TestInfo test) throws Exception {
        run(test, Fault.forGood("SIGKILL of one instance", system -> system.first()
                .process()
                .kill()));
    }

    @Test
    void bothInstancesAreKilledAndRestarted(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "SIGKILL of both instances, started again",
                        system -> system.instances()
                                .forEach(instance -> instance.process().kill()),
                        system -> {
                            system.instances().forEach(Instance::restart);
                            system.instances().forEach(Instance::awaitUp);
                        }));
    }

    @Test
    void oneInstanceIsPausedForLongerThanItsLeases(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                SystemUnderTest.LEASE.plusSeconds(8),
                                "SIGSTOP of one instance for 20 s, past its leases",
                                system -> system.first().process().pause(),
                                system -> system.first().process().resume())
                        // When it continues, its database commands may have exceeded their timeout
                        .refusing());
    }

    @Test
    void oneInstanceIsStoppedInAnOrderlyWay(TestInfo test) throws Exception {
        var tasks = run(
                test,
                // An instance begins its logins at the same moment. With a longer timeout all of them could end within
                // it
                Map.of("PERCH_PIPELINE_DRAIN_TIMEOUT", "10ms"),
                Fault.lasting(
                        Duration.ZERO,
                        "SIGTERM of one instance",
                        system -> system.second().process().terminate(),
                        system -> assertThat(system.second().process().endsWithin(Duration.ofMinutes(1)))
                                .as("it ends soon after its drain timeout")
                                .isTrue()));
        assertThat(Verdict.takenOver(tasks))
                .as("logins whose lease expired, instead of being returned")
                .isZero();
        assertThat(tasks.stream().flatMap(task -> task.history().stream()).filter(step -> "handed_back"
                        .equals(step.detail())))
                .as("logins that took too long were returned")
                .isNotEmpty();
    }

    @Test
    void theBrokerIsPaused(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                        Duration.ofSeconds(30),
                        "Kafka stopped (SIGSTOP) for 30 s",
                        system -> system.kafka().process().pause(),
                        system -> system.kafka().process().resume()));
    }

    @Test
    void theBrokerIsKilledAndRestartedWithItsLog(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                        Duration.ofSeconds(10),
                        "Kafka SIGKILLed, started again on its log",
                        system -> system.kafka().process().kill(),
                        system -> system.kafka().restart()));
    }

    @Test
    void theDatabaseConnectionsAreClosed(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections cut for 20 s",
                                system -> system.instances().forEach(instance -> instance.databaseProxy()
                                        .close()),
                                system -> system.instances().forEach(instance -> instance.databaseProxy()
                                        .open()))
                        .refusing());
    }

    @Test
    void theDatabaseConnectionsAreFrozen(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections frozen for 20 s",
                                system -> system.instances().forEach(instance -> instance.databaseProxy()
                                        .freeze()),
                                system -> system.instances().forEach(instance -> instance.databaseProxy()
                                        .unfreeze()))
                        .refusing());
    }

    @Test
    void theDatabaseConnectionsOfOneInstanceAreFrozen(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections of one frozen for 20 s",
                                system -> system.first().databaseProxy().freeze(),
                                system -> system.first().databaseProxy().unfreeze())
                        .refusing());
    }

    @Test
    void redisIsStopped(TestInfo test) throws Exception {
        run(test, Fault.forGood("Redis gone", system -> system.redis().stop()));
    }

    @Test
    void recordsAreRepeatedInRandomOrder(TestInfo test) throws Exception {
        run(test, Fault.forGood("every record five times more, shuffled", system -> new LoginTopic(system.kafka())
                .repeat(StoredTask.all(system.database().contents()), REPEATS, SEED)));
    }

    @Test
    void everyPartitionHasInvalidRecords(TestInfo test) throws Exception {
        var poison = List.of(bytes("\0not json"), bytes("{\"task_id\": 5}"), bytes("[]"));
        var sent = new AtomicInteger();
        run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "three poison records in each partition",
                        system -> sent.set(new LoginTopic(system.kafka()).poison(poison)),
                        system -> await().atMost(TIMEOUT)
                                .pollInterval(Duration.ofSeconds(1))
                                .untilAsserted(() -> assertThat(new LoginTopic(system.kafka()).deadLetters())
                                        .hasSize(sent.get())
                                        .allSatisfy(letter -> assertThat(
                                                        letter.headers().lastHeader("kafka_dlt-exception-message"))
                                                .isNotNull()))));
    }

    @Test
    void theCollectionHasTasksOfANewerVersion(TestInfo test) throws Exception {
        var newer = new HashSet<Document>();
        run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "due tasks of a newer version in the collection",
                        system -> newer.addAll(
                                StoredTask.insertNewer(system.database().contents(), IN_FLIGHT)),
                        system -> await().during(AT_LEAST).atMost(TIMEOUT).until(() -> StoredTask.newer(
                                        system.database().contents())
                                .equals(newer))));
    }

    @Test
    void theClockOfOneInstanceIsWrong(TestInfo test) throws Exception {
        var library = libfaketime();
        assumeTrue(
                !library.isEmpty(), "libfaketime is not installed (on Debian: apt-get install faketime): row skipped");
        run(test, ahead(library), Fault.forGood("clock of one instance 2 min ahead", system -> assertThat(
                        aheadOfUs(system.second()))
                .isBetween(Duration.ofSeconds(110), Duration.ofSeconds(130))));
    }

    private List<StoredTask> run(TestInfo test, Fault fault) throws Exception {
        return run(test, Map.of(), fault);
    }

    private List<StoredTask> run(TestInfo test, Map<String, String> second, Fault fault) throws Exception {
        var name = test.getTestMethod().orElseThrow().getName();
        try (var system = SystemUnderTest.start(DATA.resolve(name), second);
                var clients = new Clients(system)) {
            var database = system.database().contents();
            var workload = Workload.shuffled(SEED);
            clients.submitAll(workload.before());
            await().atMost(TIMEOUT)
                    .pollInterval(OFTEN)
                    .until(() -> inFlight(clients, database) >= IN_FLIGHT || clients.haveAnswers());
            long inFlight = inFlight(clients, database);
            assertThat(inFlight)
                    .as("logins in flight; with fewer, this machine submits them more slowly than they end")
                    .isGreaterThanOrEqualTo(IN_FLIGHT);

            var begin = Instant.now();
            fault.inject().to(system);
            clients.submitOver(workload.during(), longer(fault.lasting(), AT_LEAST));
            pass(fault.lasting());
            fault.repair().to(system);
            clients.awaitAnswers();
            await().atMost(TIMEOUT)
                    .pollInterval(OFTEN)
                    .until(() -> StoredTask.countFinal(database) == StoredTask.count(database));
            var seconds = Duration.between(begin, Instant.now()).toSeconds();
            await("all records are acknowledged")
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .until(() -> new LoginTopic(system.kafka()).lag() == 0);

            var tasks = StoredTask.all(database);
            var row = MatrixRow.of(fault.name(), clients, tasks, inFlight, seconds);
            table.add(row);
            System.out.println(row.line());
            assertThat(Verdict.errors(tasks, clients)).isEmpty();
            assertThat(clients.refused().stream().map(Answer::status).distinct())
                    .as("how clients are refused")
                    .isSubsetOf(fault.mayRefuse() ? List.of(503) : List.of());
            return tasks;
        }
    }

    private static long inFlight(Clients clients, MongoDatabase database) {
        return clients.accepted().size() - StoredTask.countFinal(database);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plus(TIMEOUT)).until(() -> true);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * Monotonic time is not faked: with libfaketime's correction for it (0.9.10), each wait of the JVM takes only
     * milliseconds.
     */
    private static Map<String, String> ahead(String libfaketime) {
        return Map.of(
                "LD_PRELOAD",
                libfaketime,
                "FAKETIME",
                "+2m",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0",
                "FAKETIME_DISABLE_SHM",
                "1");
    }

    private static Duration aheadOfUs(Instance instance) {
        var date = new Http().get(instance.uri("/"), Map.of()).header("Date").orElseThrow();
        return Duration.between(
                Instant.now(),
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    }

    /** The path on Debian and similar systems, or empty if it is not installed. */
    private static String libfaketime() throws Exception {
        var libraries = Path.of("/usr/lib");
        if (!Files.isDirectory(libraries)) {
            return "";
        }
        try (var found = Files.find(libraries, 3, (path, file) -> path.endsWith("faketime/libfaketime.so.1"))) {
            return found.map(Path::toString).findFirst().orElse("");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
