package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MariaDb;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.RoleRepresentation;

/** The tables and the relay with the databases of production systems, with a topic for each realm. Others use H2. */
class OutboxDatabasesIT {

    private static final String PREFIX = "perch.";
    private static final int THREADS = 4;
    private static final int CHANGES = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void postgresqlKeepsRefusedEventsAndTheOrder() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.builder().start()) {
            check("postgres", database.getJdbcUrl("postgres", "postgres"), "postgres");
        }
    }

    @Test
    void mariadbKeepsRefusedEventsAndTheOrder() throws Exception {
        MariaDb database = MariaDb.start("keycloak");
        try {
            check("mariadb", "jdbc:mariadb://localhost:" + database.port() + "/keycloak", "root");
        } finally {
            database.stop();
        }
    }

    private void check(String kind, String url, String user) throws Exception {
        KafkaBroker broker = KafkaBroker.stopped(directory);
        try (broker;
                KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of(),
                        List.of(
                                "--db=" + kind,
                                "--db-url=" + url,
                                "--db-username=" + user,
                                "--db-password=",
                                "--spi-events-listener--kafka-outbox--topic=" + PREFIX + "{realm}",
                                "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()));
                Keycloak admin = keycloak.admin()) {
            EventsRealm events = new EventsRealm(keycloak.address(), admin);
            String ada = events.addUser("ada");
            assertFalse(events.signInFails("ada"));
            String tooLarge =
                    "{\"source\":\"/realms/%s\",\"data\":\"%s\"}".formatted(events.name, "x".repeat(2_000_000));
            insert(url, user, ada, tooLarge, events.realm.toRepresentation().getId());
            assertFalse(events.signInFails("ada"));
            // If the relay is slow, the user is also published as one who existed before the listener was activated
            assertEquals(4, waitingEvents(url, user, ada));

            try (OldService old = OldService.with("bob")) {
                old.connectTo(events.realm);
                // The user is imported in a nested transaction, and the sign-in's transaction must read it
                assertFalse(events.signInFails("bob"), "the first sign-in of an imported user");
            }

            broker.start();
            String topic = PREFIX + events.name;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> count(url, user, "WAITS_FOR = '" + topic + "'") >= 5);
            assertEquals(0, count(url, user, "WAITS_FOR = '" + topic.toUpperCase(Locale.ROOT) + "'"), "case matters");
            broker.createTopic(topic);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> waiting(url, user, ada) == 0);
            assertEquals(
                    List.of("io.perch.user.registered", "io.perch.user.logged_in", "io.perch.user.logged_in"),
                    new ReceivedEvents(broker, topic)
                            .of(ada).stream().map(ReceivedEvent::type).toList());
            assertEquals("too-large", setAside(url, user));
            administratorSeesAndDropsIt(
                    events, tooLarge.length(), admin.tokenManager().getAccessTokenString());

            changeAtOnce(events, ada);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> waiting(url, user, ada) == 0);
            List<ReceivedEvent> all = new ReceivedEvents(broker, topic).of(ada);
            assertEquals(
                    all.stream().map(ReceivedEvent::sequence).sorted().toList(),
                    all.stream().map(ReceivedEvent::sequence).toList());
            assertEquals(
                    all.size(),
                    new HashSet<>(all.stream().map(ReceivedEvent::id).toList()).size());
            Set<String> roles = new TreeSet<>();
            all.stream()
                    .filter(event -> event.data().has("user"))
                    .reduce((one, next) -> next)
                    .orElseThrow()
                    .data()
                    .path("user")
                    .path("roles")
                    .forEach(role -> roles.add(role.asText()));
            assertTrue(
                    roles.containsAll(names(
                            events.realm.users().get(ada).roles().realmLevel().listAll())),
                    roles::toString);
            assertEquals(
                    2 + THREADS,
                    roles.stream()
                                    .filter(role -> !role.equals("offline_access") && !role.equals("uma_authorization"))
                                    .count()
                            + 1,
                    roles::toString);
        }
    }

    private static void administratorSeesAndDropsIt(EventsRealm events, int size, String token) {
        String list = events.userEvents("GET", "set-aside?max=10", token).body();
        assertTrue(list.startsWith("[{\"id\":\"too-large\",\"key\":"), list);
        assertTrue(list.contains("\"size\":" + size), list);
        assertEquals(
                204, events.userEvents("DELETE", "set-aside/too-large", token).statusCode());
        assertEquals("[]", events.userEvents("GET", "set-aside", token).body());
    }

    /** Each thread grants its role at the end. */
    private static void changeAtOnce(EventsRealm events, String userId) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String name = "role-" + i;
            events.realm.roles().create(new RoleRepresentation(name, null, false));
            List<RoleRepresentation> role =
                    List.of(events.realm.roles().get(name).toRepresentation());
            running.add(threads.submit(() -> {
                for (int n = 0; n < CHANGES; n++) {
                    events.realm.users().get(userId).roles().realmLevel().remove(role);
                    events.realm.users().get(userId).roles().realmLevel().add(role);
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
    }

    private static Set<String> names(List<RoleRepresentation> roles) {
        Set<String> names = new TreeSet<>();
        roles.forEach(role -> names.add(role.getName()));
        return names;
    }

    private static void insert(String url, String user, String key, String event, String realmId) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                PreparedStatement insert = connection.prepareStatement("insert into PERCH_OUTBOX"
                        + " (FORMAT, EVENT_KEY, EVENT_ID, EVENT, CREATED_AT, REALM_ID)"
                        + " values (2, ?, 'too-large', ?, 0, ?)")) {
            insert.setString(1, key);
            insert.setString(2, event);
            insert.setString(3, realmId);
            insert.executeUpdate();
        }
    }

    private static String setAside(String url, String user) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery(
                                "select EVENT_ID from PERCH_OUTBOX_SET_ASIDE where REASON like 'RecordTooLarge%'")) {
            return rows.next() ? rows.getString(1) : "none";
        }
    }

    private static long waiting(String url, String user, String key) throws SQLException {
        return count(url, user, "EVENT_KEY = '" + key + "'");
    }

    private static long waitingEvents(String url, String user, String key) throws SQLException {
        return count(url, user, "EVENT_KEY = '" + key + "' and EVENT not like '%io.perch.user.snapshot%'");
    }

    private static long count(String url, String user, String condition) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, "");
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("select count(*) from PERCH_OUTBOX where " + condition)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
