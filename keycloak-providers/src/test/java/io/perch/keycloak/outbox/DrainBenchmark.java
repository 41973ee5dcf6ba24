package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how fast a backlog is sent to Kafka: from its commit until the table is empty and the broker has every row. The rows are
 * those of logins. It only prints the results, and the build does not run it. {@code docs/user-events.md} has its command.
 */
class DrainBenchmark {

    private static final int ROWS = Integer.getInteger("perch.benchmark.rows", 100_000);
    private static final int ROUNDS = Integer.getInteger("perch.benchmark.rounds", 5);
    private static final int USERS = 5000;

    private static final String EVENT =
            "'{\"specversion\":\"1.0\",\"id\":\"' || %1$s || '\",\"source\":\"/realms/perch\","
                    + "\"type\":\"io.perch.user.logged_in\",\"subject\":\"' || %2$s || '\",\"time\":\"2026-11-20T12:34:56.789Z\","
                    + "\"datacontenttype\":\"application/json\",\"data\":{\"realm\":\"perch\",\"user_id\":\"' || %2$s || '\","
                    + "\"keycloak_type\":\"LOGIN\",\"session_id\":\"a1b2c3d4-0000-4000-8000-000000000000\","
                    + "\"client_id\":\"perch-cli\",\"ip_address\":\"198.51.100.7\"}}'";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private interface Connections {
        Connection open() throws Exception;
    }

    @Test
    void postgresql() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
            String url = database.getJdbcUrl("postgres", "postgres");
            measure(
                    "postgres",
                    url,
                    "postgres",
                    () -> DriverManager.getConnection(url, "postgres", ""),
                    "generate_series(1, " + ROWS + ") as n(x)",
                    "md5(n.x::text)::uuid::text");
        }
    }

    @Test
    void h2() throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("h2") + ";NON_KEYWORDS=VALUE;AUTO_SERVER=TRUE";
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {driver().toUri().toURL()})) {
            Driver driver = (Driver)
                    classes.loadClass("org.h2.Driver").getDeclaredConstructor().newInstance();
            Properties login = new Properties();
            login.put("user", "sa");
            login.put("password", "password");
            measure(
                    "dev-file",
                    url,
                    "sa",
                    () -> driver.connect(url, login),
                    "system_range(1, " + ROWS + ") as n(x)",
                    "cast(random_uuid() as varchar)");
        }
    }

    private void measure(String kind, String url, String user, Connections connections, String numbers, String id)
            throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(directory);
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of("JAVA_OPTS_APPEND", ""),
                        List.of(
                                "--db=" + kind,
                                "--db-url=" + url,
                                "--db-username=" + user,
                                "--db-password=" + (user.equals("sa") ? "password" : ""),
                                "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()));
                Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            assertEquals("localhost", keycloak.address().getHost());
            double[] rates = new double[ROUNDS];
            long there = broker.count();
            for (int round = 0; round < ROUNDS; round++) {
                long expected = there + ROWS;
                statement.executeUpdate(fill(numbers, id));
                long start = System.nanoTime();
                Awaitility.await()
                        .atMost(Duration.ofMinutes(5))
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> isEmpty(statement));
                double seconds = (System.nanoTime() - start) / 1e9;
                there = broker.count();
                assertEquals(expected, there);
                rates[round] = ROWS / seconds;
                System.out.printf(
                        "benchmark drain %s, round %d: %d rows in %.2f s, %.0f/s%n",
                        kind, round + 1, ROWS, seconds, rates[round]);
            }
            System.out.printf(
                    "benchmark drain %s, %d rounds of %d rows: first %.0f/s, median %.0f/s%n",
                    kind, ROUNDS, ROWS, rates[0], Numbers.median(rates));
        }
    }

    private static String fill(String numbers, String id) {
        String user = "'5b1f6f0a-3d5e-4c8a-9a2b-' || cast(100000000000 + mod(n.x, " + USERS + ") as varchar)";
        return "insert into PERCH_OUTBOX (FORMAT, EVENT_KEY, EVENT_ID, EVENT, CREATED_AT) select 2, " + user + ", " + id
                + ", " + EVENT.formatted(id, user) + ", 1795132800000 from " + numbers;
    }

    private static boolean isEmpty(Statement statement) throws Exception {
        try (ResultSet rows = statement.executeQuery("select ID from PERCH_OUTBOX order by ID limit 1")) {
            return !rows.next();
        }
    }

    // The JDBC driver of Keycloak's distribution
    private static Path driver() throws Exception {
        try (Stream<Path> jars =
                Files.list(Path.of(System.getProperty("perch.keycloak", "")).resolve("lib/lib/main"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("com.h2database.h2-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
