package io.perch.keycloak.firstparty;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Measures password sign-ins a second, until the client has tokens, by the challenge endpoint and on Keycloak's page.
 * All use the same client, users, server and database (PostgreSQL), and they alternate. The default hash of the realm
 * takes most of the time, so a second realm has one that costs nearly nothing. It only prints the results, and the
 * build does not run it. The README has its command.
 */
class SignInBenchmark {

    private static final int USERS = 20;
    private static final int CLIENTS = 4;
    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 60);
    private static final int SIGN_INS_OF_A_ROUND = 40;

    /** The most rounds of a warm-up. */
    private static final int WARM_UP = Integer.getInteger("perch.benchmark.warm-up", 100);

    /**
     * Rounds are alike if the median of so many differs from that of as many before them by less than the tolerance.
     */
    private static final int COMPARED = 5;

    private static final double TOLERANCE = 0.03;

    @Test
    void signInsByTheEndpointAndOnThePage() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start();
                // With the optimizing compiler, which the tests switch off
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of("JAVA_OPTS_APPEND", ""),
                        List.of(
                                "--db=postgres",
                                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                                "--db-username=postgres",
                                "--db-password="))) {
            measure(keycloak, "default hash", "");
            measure(keycloak, "cheap hash", "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)");
        }
    }

    private static void measure(KeycloakProcess keycloak, String name, String passwordPolicy) throws Exception {
        try (FirstPartyRealm realm = FirstPartyRealm.create(keycloak.address())) {
            realm.change(settings -> settings.setPasswordPolicy(passwordPolicy));
            IntStream.range(0, USERS).forEach(i -> realm.user(name(i)));
            PasswordSignIns signIns = new PasswordSignIns(realm);
            List<Way> ways = List.of(
                    new Way("endpoint, first request", signIns::inFirstRequest),
                    new Way("endpoint, own step", signIns::inOwnStep),
                    new Way("page", signIns::onPage));
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                warmUp(name, clients, ways);
                compare(name, clients, ways);
            } finally {
                clients.shutdown();
            }
        }
    }

    private static void warmUp(String name, ExecutorService clients, List<Way> ways) throws Exception {
        long start = System.nanoTime();
        List<double[]> rounds = new ArrayList<>();
        while (rounds.size() < WARM_UP && !areAlike(rounds, ways.size())) {
            rounds.add(turn(clients, ways, rounds.size()));
        }
        print(
                "%s: warm-up of %d rounds, %.0f s; at its end the rounds were %s",
                name,
                rounds.size(),
                (System.nanoTime() - start) / 1e9,
                areAlike(rounds, ways.size()) ? "alike" : "not alike yet");
    }

    private static boolean areAlike(List<double[]> rounds, int ways) {
        int size = rounds.size();
        return size >= 2 * COMPARED
                && IntStream.range(0, ways).allMatch(way -> {
                    double before = median(column(rounds.subList(size - 2 * COMPARED, size - COMPARED), way));
                    double after = median(column(rounds.subList(size - COMPARED, size), way));
                    return Math.abs(after / before - 1) < TOLERANCE;
                });
    }

    private static void compare(String name, ExecutorService clients, List<Way> ways) throws Exception {
        List<double[]> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(turn(clients, ways, i));
            for (int way = 0; way < ways.size(); way++) {
                print("%s, round %d: %s %.1f/s", name, i + 1, ways.get(way).name(), rounds.get(i)[way]);
            }
        }
        int page = ways.size() - 1;
        for (int way = 0; way < ways.size(); way++) {
            double[] one = column(rounds, way);
            double[] pages = column(rounds, page);
            print(
                    "%s, %d clients, median of %d rounds of %d: %s %.1f/s, ratio to the page %.3f; median of the rounds' ratios %.3f",
                    name,
                    CLIENTS,
                    ROUNDS,
                    SIGN_INS_OF_A_ROUND,
                    ways.get(way).name(),
                    median(one),
                    median(one) / median(pages),
                    median(IntStream.range(0, ROUNDS)
                            .mapToDouble(i -> one[i] / pages[i])
                            .toArray()));
        }
    }

    /**
     * A round of each way, in sign-ins a second. Another one is the first in each turn, so that none profits from its
     * place.
     */
    private static double[] turn(ExecutorService clients, List<Way> ways, int turn) throws Exception {
        double[] rates = new double[ways.size()];
        for (int i = 0; i < ways.size(); i++) {
            int way = (turn + i) % ways.size();
            rates[way] = round(clients, ways.get(way));
        }
        return rates;
    }

    private static double round(ExecutorService clients, Way way) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> work = () -> {
            for (int i = next.getAndIncrement(); i < SIGN_INS_OF_A_ROUND; i = next.getAndIncrement()) {
                way.signIn().run(name(i));
            }
            return null;
        };
        long start = System.nanoTime();
        List<Future<Void>> running = clients.invokeAll(
                IntStream.range(0, CLIENTS).mapToObj(i -> work).toList());
        double seconds = (System.nanoTime() - start) / 1e9;
        for (Future<Void> one : running) {
            one.get();
        }
        return SIGN_INS_OF_A_ROUND / seconds;
    }

    private static double[] column(List<double[]> rounds, int way) {
        return rounds.stream().mapToDouble(round -> round[way]).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String name(int i) {
        return "user-" + i % USERS;
    }

    private static void print(String format, Object... values) {
        System.out.println("benchmark sign-in, " + String.format(Locale.ROOT, format, values));
    }

    /** A way to sign in. */
    private record Way(String name, Call signIn) {}

    @FunctionalInterface
    private interface Call {
        void run(String user) throws IOException, InterruptedException;
    }
}
