package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.notice.NoticeRealm;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** Two nodes with one database share the work after a request: a resync of all users, and notices to users. */
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
class BackgroundWorkOnTwoNodesIT {

    private static final List<String> NAMES = List.of("first", "second");
    private static final int USERS = 250;
    private static final int CHUNK = 100;
    private static final String NEW_PASSWORD = "another horse battery";
    private static final String CHANGED = "Your way to sign in was changed";
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern PUBLISHED = Pattern.compile("\"published\":(\\d+)");

    @TempDir
    static Path directory;

    private static EmbeddedPostgres database;
    private static KafkaBroker broker;

    /** The nodes by their names, without those that were killed. */
    private static final Map<String, KeycloakProcess> NODES = new HashMap<>();

    @BeforeAll
    static void startServers() throws Exception {
        database = EmbeddedPostgres.builder().start();
        broker = KafkaBroker.start(directory);
    }

    @BeforeEach
    void startNodes() {
        NAMES.forEach(name -> NODES.computeIfAbsent(name, BackgroundWorkOnTwoNodesIT::startNode));
        await().until(() -> NODES.values().stream().anyMatch(BackgroundWorkOnTwoNodesIT::isLeading));
    }

    private static KeycloakProcess startNode(String name) {
        return KeycloakProcess.startNode(
                name,
                List.of(
                        "--db=postgres",
                        "--db-url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--db-username=postgres",
                        "--db-password=",
                        "--hostname=http://perch.example",
                        "--spi-events-listener--kafka-outbox--bootstrap-servers=" + broker.address()));
    }

    @AfterAll
    static void stopServers() throws IOException {
        NODES.values().forEach(KeycloakProcess::close);
        broker.close();
        database.close();
    }

    @Test
    void aResyncThatOneNodeStartsAndTheOtherPublishesHasEveryUserOnce() {
        KeycloakProcess leading = leading();
        KeycloakProcess other = other(leading);
        try (Keycloak admin = other.admin();
                Keycloak adminOfLeading = leading.admin()) {
            EventsRealm events = realmWithUsers(other, admin);
            EventsRealm sameEvents = new EventsRealm(leading.address(), adminOfLeading, events.name);
            List<UserRepresentation> users = events.realm.users().list(0, USERS);

            String id = id(events.resync("POST", token(admin)).body());
            // Changes meanwhile, at both nodes
            CompletableFuture<Void> changes =
                    CompletableFuture.runAsync(() -> users.subList(0, 10).forEach(user -> change(sameEvents, user)));
            users.subList(USERS - 10, USERS).forEach(user -> change(events, user));
            changes.join();
            awaitEnd(events, admin);

            assertEquals(ids(users), snapshots(id).stream().sorted().toList());
            Map<String, List<ReceivedEvent>> received = received();
            received.values().forEach(BackgroundWorkOnTwoNodesIT::assertOrdered);
            Stream.concat(users.stream().limit(10), users.stream().skip(USERS - 10))
                    .forEach(user -> assertLastStateIsChanged(received.getOrDefault(user.getId(), List.of())));
        }
    }

    @Test
    void aSecondRequestJoinsAResyncAndTheOtherNodeFinishesItIfTheFirstIsKilled() {
        KeycloakProcess leading = leading();
        KeycloakProcess other = other(leading);
        try (Keycloak admin = other.admin();
                Keycloak adminOfLeading = leading.admin()) {
            EventsRealm events = realmWithUsers(other, admin);
            EventsRealm sameEvents = new EventsRealm(leading.address(), adminOfLeading, events.name);
            List<UserRepresentation> users = events.realm.users().list(0, USERS);
            // The resync waits after its first chunk, because that cannot be sent
            broker.stop();

            String started = sameEvents.resync("POST", token(adminOfLeading)).body();
            await().until(() -> published(events.resync("GET", token(admin)).body()) == CHUNK);
            String joined = events.resync("POST", token(admin)).body();
            assertEquals(id(started), id(joined));
            assertEquals(CHUNK, published(joined));
            leading.kill();
            NODES.values().remove(leading);
            broker.start();
            awaitEnd(events, admin);

            assertTrue(isLeading(other));
            String done = events.resync("GET", token(admin)).body();
            assertEquals(id(started), id(done));
            assertEquals(USERS, published(done));
            // What the killed node had sent may be sent twice
            assertEquals(
                    ids(users),
                    snapshots(id(started)).stream().distinct().sorted().toList());
            received().values().forEach(BackgroundWorkOnTwoNodesIT::assertOrdered);
        }
    }

    @Test
    void eachNoticeIsSentOnceAlthoughBothNodesSend() throws Exception {
        List<KeycloakProcess> nodes = List.copyOf(NODES.values());
        try (Keycloak admin = nodes.get(0).admin();
                NoticeRealm notices = noticeRealm(nodes.get(0), admin)) {
            List<String> users =
                    IntStream.range(0, 12).mapToObj(i -> "user-" + i).toList();
            List<String> tokens = new ArrayList<>();
            for (String user : users) {
                notices.addUser(user, "Ada");
                tokens.add(notices.signIn(user, "Wget/1.21.3"));
            }
            IntStream.range(0, users.size())
                    .mapToObj(i -> CompletableFuture.runAsync(
                            () -> notices.changePassword(nodes.get(i % 2).address(), tokens.get(i), NEW_PASSWORD)))
                    .toList()
                    .forEach(CompletableFuture::join);

            // A notice that is marked as sent is never sent again
            await().until(() -> notices(notices, "sent_at > 0") == users.size());
            assertEquals(users.size(), notices(notices, "attempts = 1"));
            assertEquals(users.size(), notices.mails());
            for (String user : users) {
                assertEquals(1, notices.mails(user + "@perch.example", CHANGED).size());
            }
        }
    }

    @Test
    void aNoticeOfANodeThatIsKilledIsSentByTheOther() throws Exception {
        KeycloakProcess killed = leading();
        KeycloakProcess other = other(killed);
        try (Keycloak admin = other.admin();
                NoticeRealm notices = noticeRealm(other, admin)) {
            notices.addUser("ada", "Ada");
            String token = notices.signIn("ada", "Wget/1.21.3");
            notices.stopMailServer();
            // Accepts connections and never answers
            try (ServerSocket silent = new ServerSocket(notices.mailPort(), 50, InetAddress.getLoopbackAddress())) {
                silent.setSoTimeout(60_000);
                notices.changePassword(killed.address(), token, NEW_PASSWORD);
                try (Socket connection = silent.accept()) {
                    assertTrue(connection.isConnected());
                    killed.kill();
                }
            }
            NODES.values().remove(killed);
            assertEquals(
                    1,
                    notices(
                            notices,
                            "sent_at = 0 and attempts = 1 and next_attempt_at > extract(epoch from now()) + 200"));
            notices.startMailServer();
            // The other node waits until the five minutes of the first one are over
            expireClaims(notices);
            await().until(() -> notices(notices, "sent_at > 0 and attempts = 2") == 1);
            assertEquals(1, notices.mails());
            assertEquals(1, notices.mails("ada@perch.example", CHANGED).size());
        }
    }

    private static NoticeRealm noticeRealm(KeycloakProcess node, Keycloak admin) {
        NoticeRealm notices = new NoticeRealm(node.address(), admin, "perch");
        RealmRepresentation cheapHashes = notices.realm.toRepresentation();
        cheapHashes.setPasswordPolicy("hashAlgorithm(pbkdf2-sha256) and hashIterations(1)");
        notices.realm.update(cheapHashes);
        return notices;
    }

    /** A realm whose users are all published. */
    private static EventsRealm realmWithUsers(KeycloakProcess node, Keycloak admin) {
        EventsRealm events = new EventsRealm(node.address(), admin);
        PartialImportRepresentation users = new PartialImportRepresentation();
        users.setUsers(IntStream.range(0, USERS)
                .mapToObj(i -> {
                    UserRepresentation user = new UserRepresentation();
                    user.setUsername("user-" + i);
                    user.setEmail("user-" + i + "@perch.example");
                    user.setFirstName("Ada");
                    user.setLastName("Perch");
                    user.setEnabled(true);
                    return user;
                })
                .toList());
        try (Response response = events.realm.partialImport(users)) {
            assertEquals(200, response.getStatus());
        }
        awaitEnd(events, admin);
        return events;
    }

    private static void change(EventsRealm events, UserRepresentation user) {
        user.setFirstName("Augusta");
        events.realm.users().get(user.getId()).update(user);
    }

    /** Waits until no resync runs and all events are sent. */
    private static void awaitEnd(EventsRealm events, Keycloak admin) {
        await().until(() -> events.resync("GET", token(admin)).body().contains("\"status\":\"done\"")
                && count("select count(*) from perch_outbox") == 0);
    }

    private static List<String> ids(List<UserRepresentation> users) {
        return users.stream().map(UserRepresentation::getId).sorted().toList();
    }

    /** The users of the snapshots of a resync, in the order of the events. */
    private static List<String> snapshots(String resync) {
        return broker.received().stream()
                .filter(event -> event.data().path("resync_id").asText().equals(resync))
                .map(ReceivedEvent::key)
                .toList();
    }

    /** The events of each user. */
    private static Map<String, List<ReceivedEvent>> received() {
        return broker.received().stream().collect(Collectors.groupingBy(ReceivedEvent::key));
    }

    /** No event arrives after a later one of its user, apart from repetitions. */
    private static void assertOrdered(List<ReceivedEvent> events) {
        List<Long> sequences =
                events.stream().map(ReceivedEvent::sequence).distinct().toList();
        assertEquals(sequences.stream().sorted().toList(), sequences);
    }

    private static void assertLastStateIsChanged(List<ReceivedEvent> events) {
        ReceivedEvent last = events.get(events.size() - 1);
        assertEquals("Augusta", last.data().path("user").path("first_name").asText(), last::text);
    }

    private static String token(Keycloak admin) {
        return admin.tokenManager().getAccessTokenString();
    }

    private static String id(String progress) {
        return part(ID, progress);
    }

    private static int published(String progress) {
        return Integer.parseInt(part(PUBLISHED, progress));
    }

    private static String part(Pattern pattern, String progress) {
        Matcher matcher = pattern.matcher(progress);
        assertTrue(matcher.find(), progress);
        return matcher.group(1);
    }

    private static KeycloakProcess leading() {
        return NODES.values().stream()
                .filter(BackgroundWorkOnTwoNodesIT::isLeading)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isLeading(KeycloakProcess node) {
        return node.metrics().contains("perch_outbox_leading 1");
    }

    private static KeycloakProcess other(KeycloakProcess node) {
        return NODES.values().stream().filter(any -> any != node).findFirst().orElseThrow();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** The number of a realm's notices that meet a condition. */
    private static long notices(NoticeRealm realm, String condition) throws SQLException {
        return count("select count(*) from perch_notice where realm_id = '"
                + realm.realm.toRepresentation().getId() + "' and " + condition);
    }

    private static void expireClaims(NoticeRealm realm) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update perch_notice set next_attempt_at = 0 where realm_id = ?")) {
            statement.setString(1, realm.realm.toRepresentation().getId());
            assertEquals(1, statement.executeUpdate());
        }
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }
}
