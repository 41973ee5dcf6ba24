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
 * The fault matrix: whatever breaks while hundreds of logins are under way, every login that was accepted ends, once and
 * as it should, and no account was ever logged in to twice at a time. It runs with the profile {@code faults} only.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultMatrixIT {

    private static final Path DATA = Path.of("target", "faults");

    private static final long SEED = 4;
    private static final int IN_FLIGHT = 500;
    private static final int REPEATS = 5;
    private static final Duration AT_LEAST = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration OFTEN = Duration.ofMillis(200);

    private final List<Numbers> table = new ArrayList<>();

    @AfterAll
    void print() {
        System.out.println("\nThe fault matrix:\n" + Numbers.head());
        table.forEach(numbers -> System.out.println(numbers.line()));
    }

    @Test
    void oneInstanceIsKilled(TestInfo test) throws Exception {
        run(test, Fault.forGood("SIGKILL of one instance", system -> system.first()
                .process()
                .kill()));
    }

    @Test
    void bothInstancesAreKilledAndStartedAgain(TestInfo test) throws Exception {
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
    void oneInstanceStandsStillForLongerThanItsLeases(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                FragileSystem.LEASE.plusSeconds(8),
                                "SIGSTOP of one instance for 20 s, past its leases",
                                system -> system.first().process().freeze(),
                                system -> system.first().process().thaw())
                        // What it had in hand may be past the timeout of its database commands when it goes on
                        .refusing());
    }

    @Test
    void oneInstanceStopsAsItShould(TestInfo test) throws Exception {
        var tasks = run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "SIGTERM of one instance",
                        system -> system.first().process().terminate(),
                        system -> assertThat(system.first().process().endsWithin(Duration.ofMinutes(1)))
                                .as("it ends in its drain timeout, and a little more")
                                .isTrue()));
        assertThat(Verdict.takenOver(tasks))
                .as("logins that were left to their leases, and not given back")
                .isZero();
        assertThat(tasks.stream().flatMap(task -> task.history().stream()).filter(step -> "handed_back"
                        .equals(step.detail())))
                .as("logins that took too long were given back")
                .isNotEmpty();
    }

    @Test
    void theBrokerStandsStill(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                        Duration.ofSeconds(30),
                        "Kafka stopped (SIGSTOP) for 30 s",
                        system -> system.kafka().process().freeze(),
                        system -> system.kafka().process().thaw()));
    }

    @Test
    void theBrokerIsKilledAndKeepsItsLog(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                        Duration.ofSeconds(10),
                        "Kafka SIGKILLed, started again on its log",
                        system -> system.kafka().process().kill(),
                        system -> system.kafka().restart()));
    }

    @Test
    void theDatabaseIsCutOff(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections cut for 20 s",
                                system -> system.instances().forEach(instance -> instance.wayToDatabase()
                                        .close()),
                                system -> system.instances().forEach(instance -> instance.wayToDatabase()
                                        .open()))
                        .refusing());
    }

    @Test
    void theDatabaseIsSilent(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections frozen for 20 s",
                                system -> system.instances().forEach(instance -> instance.wayToDatabase()
                                        .freeze()),
                                system -> system.instances().forEach(instance -> instance.wayToDatabase()
                                        .unfreeze()))
                        .refusing());
    }

    @Test
    void theDatabaseIsSilentToOneInstance(TestInfo test) throws Exception {
        run(
                test,
                Fault.lasting(
                                Duration.ofSeconds(20),
                                "MongoDB connections of one frozen for 20 s",
                                system -> system.first().wayToDatabase().freeze(),
                                system -> system.first().wayToDatabase().unfreeze())
                        .refusing());
    }

    @Test
    void redisIsGone(TestInfo test) throws Exception {
        run(test, Fault.forGood("Redis gone", system -> system.redis().stop()));
    }

    @Test
    void recordsComeAgainAndInAnyOrder(TestInfo test) throws Exception {
        run(test, Fault.forGood("every record five times more, shuffled", system -> new LoginTopic(system.kafka())
                .repeat(StoredTask.all(system.database().contents()), REPEATS, SEED)));
    }

    @Test
    void everyPartitionIsPoisoned(TestInfo test) throws Exception {
        var poison = List.of(bytes("\0not json"), bytes("{\"task_id\": 5}"), bytes("[]"));
        var sent = new AtomicInteger();
        run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "three poison records in each partition",
                        system -> sent.set(new LoginTopic(system.kafka()).poison(poison)),
                        system -> await().atMost(PATIENCE)
                                .pollInterval(Duration.ofSeconds(1))
                                .untilAsserted(() -> assertThat(new LoginTopic(system.kafka()).deadLetters())
                                        .hasSize(sent.get())
                                        .allSatisfy(letter -> assertThat(
                                                        letter.headers().lastHeader("kafka_dlt-exception-message"))
                                                .isNotNull()))));
    }

    @Test
    void tasksOfANewerVersionAreThere(TestInfo test) throws Exception {
        var newer = new HashSet<Document>();
        run(
                test,
                Fault.lasting(
                        Duration.ZERO,
                        "due tasks of a newer version in the collection",
                        system -> newer.addAll(
                                StoredTask.insertNewer(system.database().contents(), IN_FLIGHT)),
                        system -> await().during(AT_LEAST).atMost(PATIENCE).until(() -> StoredTask.newer(
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
        try (var system = FragileSystem.start(DATA.resolve(name), second);
                var clients = new Clients(system)) {
            var database = system.database().contents();
            var workload = Workload.shuffled(SEED);
            clients.rush(workload.before());
            await().atMost(PATIENCE)
                    .pollInterval(OFTEN)
                    .until(() -> inFlight(clients, database) >= IN_FLIGHT || clients.haveAnswers());
            long inFlight = inFlight(clients, database);
            assertThat(inFlight)
                    .as("logins in flight; where fewer, this machine submits them slower than they are done")
                    .isGreaterThanOrEqualTo(IN_FLIGHT);

            var struck = Instant.now();
            fault.strike().to(system);
            clients.spread(workload.during(), longer(fault.lasting(), AT_LEAST));
            pass(fault.lasting());
            fault.heal().to(system);
            clients.awaitAnswers();
            await().atMost(PATIENCE)
                    .pollInterval(OFTEN)
                    .until(() -> StoredTask.countFinal(database) == StoredTask.count(database));
            var seconds = Duration.between(struck, Instant.now()).toSeconds();
            await("all records are acknowledged")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptions()
                    .until(() -> new LoginTopic(system.kafka()).lag() == 0);

            var tasks = StoredTask.all(database);
            var numbers = Numbers.of(fault.name(), clients, tasks, inFlight, seconds);
            table.add(numbers);
            System.out.println(numbers.line());
            assertThat(Verdict.on(tasks, clients)).isEmpty();
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
        await().pollDelay(time).atMost(time.plus(PATIENCE)).until(() -> true);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Waits are left alone: with libfaketime's correction of them (0.9.10) a wait of the JVM takes milliseconds. */
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

    /** Where Debian and its like have it; empty where it is not. */
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
