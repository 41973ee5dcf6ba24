package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/** A change and its row are committed together or not at all. Rows that were written before an upgrade are sent after it. */
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
class OutboxOnPostgresIT {

    @TempDir
    static Path directory;

    private static EmbeddedPostgres database;
    private static KafkaBroker broker;

    @BeforeAll
    static void startServers() throws Exception {
        database = EmbeddedPostgres.builder().start();
        broker = KafkaBroker.start(directory);
    }

    @AfterAll
    static void stopServers() throws Exception {
        broker.close();
        database.close();
    }

    /** The tests share the database. A test counts the rows in it. */
    @AfterEach
    void removeRows() throws SQLException {
        execute("delete from perch_outbox");
        execute("delete from perch_outbox_set_aside");
    }

    @Test
    void aRollbackLeavesNoEventAndAFailedEventLeavesNoUser() throws Exception {
        try (KeycloakProcess keycloak = start(List.of());
                Keycloak admin = keycloak.admin()) {
            EventsRealm events = new EventsRealm(keycloak.address(), admin);

            // Fails as late as possible: when the database commits
            execute(
                    "create function refuse() returns trigger as $$ begin raise exception 'late'; end $$ language plpgsql");
            execute("create constraint trigger late after insert on user_entity deferrable initially deferred"
                    + " for each row when (new.username = 'late') execute function refuse()");
            assertEquals(500, events.register("late"));
            assertEquals(0, events.realm.users().count());
            assertEquals(0, count("select count(*) from perch_outbox where event like '%user.registered%'"));

            execute("alter table perch_outbox rename to perch_outbox_hidden");
            assertEquals(500, events.register("unheard"));
            assertTrue(events.signInFails("unheard"));
            execute("alter table perch_outbox_hidden rename to perch_outbox");
            assertEquals(0, events.realm.users().count());

            assertEquals(201, events.register("ada"));
            assertEquals(1, events.realm.users().count());
            assertEquals(1, count("select count(*) from perch_outbox where event like '%user.registered%'"));
            execute("drop trigger late on user_entity");
            execute("drop function refuse");
        }
    }

    @Test
    void rowsOfThePreviousSchemaAreSentAfterTheUpgrade() throws Exception {
        String key;
        try (KeycloakProcess keycloak = start(List.of());
                Keycloak admin = keycloak.admin()) {
            EventsRealm events = new EventsRealm(keycloak.address(), admin);
            key = events.addUser("ada");
            events.signIn("ada", EventsRealm.PASSWORD);
        }
        // The format of the previous version
        execute("alter table perch_outbox drop column traceparent");
        execute("alter table perch_outbox_set_aside drop column traceparent");
        execute("drop table perch_outbox_resync");
        execute("delete from databasechangelog_perch_outb where id in ('0.1.0-outbox-trace', '0.1.0-outbox-resync')");
        execute("update perch_outbox set format = 1");
        List<String> written = ids();

        try (KeycloakProcess keycloak =
                start(List.of("--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()))) {
            assertNotEquals("", keycloak.address().getHost());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> received(written).size() >= written.size());
        }
        List<ReceivedEvent> received = received(written);
        assertEquals(
                written.stream().sorted().toList(),
                received.stream().map(ReceivedEvent::id).sorted().toList());
        assertEquals(
                List.of("io.perch.user.registered", "io.perch.user.logged_in"),
                received.stream()
                        .filter(event -> event.key().equals(key))
                        .map(ReceivedEvent::type)
                        .toList());
        assertEquals(0, count("select count(*) from perch_outbox"));
    }

    @Test
    void rowsThatWaitAreSetAsideWhenTheirTimeIsOverAndFollowTheOptionOfTheTopic() throws Exception {
        String name;
        String ada;
        try (KeycloakProcess keycloak = start(List.of());
                Keycloak admin = keycloak.admin()) {
            EventsRealm events = new EventsRealm(keycloak.address(), admin);
            name = events.name;
            ada = events.addUser("ada");
            events.signIn("ada", EventsRealm.PASSWORD);
        }
        String topic = "perch." + name;
        execute("update perch_outbox set waits_for = 'the-topic-of-another-template'");
        execute("update perch_outbox set waits_for = '" + topic + "', created_at = 0, event_id = 'old'"
                + " where event like '%user.registered%'");
        // From before an upgrade
        execute("update perch_outbox set realm_id = null where event like '%user.logged_in%'");

        try (KeycloakProcess keycloak = start(List.of(
                "--spi-events-listener--kafka-outbox--topic=perch.{realm}",
                "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()))) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertEquals(1, count("select count(*) from perch_outbox_set_aside where event_id = 'old'"));
                assertEquals(
                        0,
                        count("select count(*) from perch_outbox where waits_for = 'the-topic-of-another-template'"));
                assertEquals(
                        1,
                        count("select count(*) from perch_outbox where waits_for = '" + topic
                                + "' and event like '%user.logged_in%'"));
            });
            broker.createTopic(topic);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    // Rows of other tests' realms wait for topics of their own
                    .untilAsserted(() -> assertEquals(
                            0,
                            count("select count(*) from perch_outbox where waits_for is null or waits_for = '" + topic
                                    + "'")));
            assertNotEquals("", keycloak.address().getHost());
        }
        assertEquals(
                List.of("io.perch.user.logged_in"),
                broker.received(topic).stream()
                        .filter(event -> event.key().equals(ada))
                        .map(ReceivedEvent::type)
                        .filter(type -> !type.equals("io.perch.user.snapshot"))
                        .toList());
    }

    @Test
    void sequencesAreHigherThanAllBeforeIfTheEraIsResetAfterARestore() throws Exception {
        List<String> brokers = List.of("--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address());
        try (KeycloakProcess keycloak = start(List.of());
                Keycloak admin = keycloak.admin()) {
            new EventsRealm(keycloak.address(), admin).addUser("ada");
        }
        // As if the first start was an hour ago
        execute("update perch_outbox_lease set era = extract(epoch from current_timestamp)::bigint / 60 - 60");
        long before;
        try (KeycloakProcess keycloak = start(brokers);
                Keycloak admin = keycloak.admin()) {
            before = published(new EventsRealm(keycloak.address(), admin).addUser("bob"));
        }
        // A restore brings the old numbers back
        execute("delete from perch_outbox");
        execute("alter table perch_outbox alter column id restart with 1");
        execute("update perch_outbox_lease set era = 0");

        try (KeycloakProcess keycloak = start(brokers);
                Keycloak admin = keycloak.admin()) {
            long after = published(new EventsRealm(keycloak.address(), admin).addUser("carol"));

            assertTrue(after > before, after + " is not greater than " + before);
        }
        // Other tests count all rows
        execute("delete from perch_outbox");
    }

    private static List<ReceivedEvent> received(List<String> ids) {
        return broker.received().stream()
                .filter(event -> ids.contains(event.id()))
                .toList();
    }

    /** Waits until an event of this user was published, and returns its sequence. */
    private static long published(String userId) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> broker.received().stream()
                                .filter(event -> event.key().equals(userId))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .sequence();
    }

    private static KeycloakProcess start(List<String> more) {
        List<String> options = new ArrayList<>(List.of(
                "--db=postgres",
                "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                "--db-username=postgres",
                "--db-password="));
        options.addAll(more);
        return KeycloakProcess.start(Map.of(), options);
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<String> ids() throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select event_id from perch_outbox")) {
            List<String> ids = new ArrayList<>();
            while (result.next()) {
                ids.add(result.getString(1));
            }
            return ids;
        }
    }
}
