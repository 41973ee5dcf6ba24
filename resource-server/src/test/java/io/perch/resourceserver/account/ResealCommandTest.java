package io.perch.resourceserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.crypto.Keysets;
import io.perch.resourceserver.crypto.TestSealers;
import io.perch.resourceserver.task.ResealCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command with a real database. */
class ResealCommandTest {

    private final AccountDatabase database = new AccountDatabase();
    private final String first = Keysets.generate();
    private final String second = TestSealers.rotated(first);
    private final String third = TestSealers.rotated(second);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void allValuesAreResealedWithThePrimaryKey() {
        Map<String, TwitterCredentials> expected = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            expected.putAll(stored(first, "one" + i));
        }
        expected.putAll(stored(second, "two"));
        expected.putAll(stored(third, "three"));
        expected.putAll(storedByTheOldService("four"));

        assertThat(reseal(third, TestSealers.FERNET_KEY)).isZero();

        assertThat(lines()).containsExactly("909 values read: 906 resealed, 3 skipped, 0 failed");
        String newestAlone = TestSealers.finished(third);
        expected.forEach(
                (id, credentials) -> assertThat(AccountDatabase.credentials(accounts(newestAlone), "alice", id))
                        .contains(credentials));

        assertThat(reseal(newestAlone, "")).isZero();
        assertThat(lines()).containsExactly("909 values read: 0 resealed, 909 skipped, 0 failed");
    }

    @Test
    void aValueThatDoesNotOpenIsReportedAndNotChanged() {
        stored(first, "good");
        String bad = stored(Keysets.generate(), "bad").keySet().iterator().next();
        String moved = stored(first, "moved").keySet().iterator().next();
        change(moved, new Document("user_id", "mallory"));
        Document before = document(bad);

        assertThat(reseal(second, "")).isOne();

        assertThat(document(bad)).isEqualTo(before);
        assertThat(lines())
                .containsExactlyInAnyOrder(
                        "The sealed field 'password' of record %s does not open".formatted(bad),
                        "The sealed field 'phone_number' of record %s does not open".formatted(bad),
                        "The sealed field 'email' of record %s does not open".formatted(bad),
                        "The sealed field 'password' of record %s does not open".formatted(moved),
                        "The sealed field 'phone_number' of record %s does not open".formatted(moved),
                        "The sealed field 'email' of record %s does not open".formatted(moved),
                        "9 values read: 3 resealed, 0 skipped, 6 failed");
    }

    @Test
    void withoutTheOldKeyOnlyTheOldPasswordsFail() {
        storedByTheOldService("old");

        assertThat(reseal(first, "")).isOne();
        assertThat(lines()).last().isEqualTo("3 values read: 2 resealed, 0 skipped, 1 failed");

        assertThat(reseal(first, TestSealers.FERNET_KEY)).isZero();
        assertThat(lines()).containsExactly("3 values read: 1 resealed, 2 skipped, 0 failed");
    }

    @Test
    void aDocumentWithoutOwnerIsReportedAndNotChanged() {
        String unowned = storedByTheOldService("unowned").keySet().iterator().next();
        change(unowned, new Document("user_id", new ObjectId()));
        Document before = document(unowned);

        assertThat(reseal(first, TestSealers.FERNET_KEY)).isOne();

        assertThat(document(unowned)).isEqualTo(before);
        assertThat(lines()).hasSize(2).last().isEqualTo("1 values read: 0 resealed, 0 skipped, 1 failed");
    }

    @Test
    void credentialsOfOpenTasksAreResealedToo() {
        TwitterCredentials credentials = credentials("waiting", "p@ssw0rd!");
        String account = TwitterAccounts.id("alice", "waiting");
        Document secrets = accounts(first).seal("alice", account, credentials).document();
        Date now = Date.from(Instant.now());
        database.mongo()
                .getCollection("task_statuses")
                .insertOne(new Document("_id", "a-task")
                        .append("user_id", "alice")
                        .append("twitter_user_id", account)
                        .append("username", "waiting")
                        .append("status", "pending")
                        .append("due_at", now)
                        .append("secrets", secrets)
                        .append("created_at", now)
                        .append("updated_at", now)
                        .append("history", List.of()));

        assertThat(reseal(second, "")).isZero();

        assertThat(lines()).last().isEqualTo("1 values read: 1 resealed, 0 skipped, 0 failed");
        Document stored = database.mongo()
                .getCollection("task_statuses")
                .find(new Document("_id", "a-task"))
                .into(new ArrayList<>())
                .get(0);
        SealedCredentials sealed =
                Objects.requireNonNull(SealedCredentials.read(stored.get("secrets", Document.class)));
        assertThat(accounts(TestSealers.finished(second)).open(sealed, "waiting", "alice", account))
                .isEqualTo(credentials);
    }

    @Test
    void aServerMayWriteDuringTheCommand() throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.addAll(stored(first, "user" + i).keySet());
        }
        Thread server = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                AccountDatabase.store(accounts(second), "alice", credentials("user" + i, "newer"));
            }
        });
        server.start();

        int exitCode = reseal(second, "");
        server.join();

        assertThat(exitCode).isZero();
        for (String id : ids) {
            assertThat(AccountDatabase.credentials(accounts(TestSealers.finished(second)), "alice", id)
                            .orElseThrow()
                            .password())
                    .isEqualTo("newer");
        }
    }

    @Test
    void anUnavailableDatabaseIsReportedInOneLine() {
        String[] settings = {
            "--ENCRYPTION_KEYSET=" + first, "--MONGO_URI=mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200"
        };

        assertThat(ResealCommand.run(settings, new PrintStream(out, true, StandardCharsets.UTF_8)))
                .isOne();

        assertThat(lines()).first().asString().startsWith("The database is unavailable");
        assertThat(lines()).last().asString().contains("0 values read");
    }

    private int reseal(String keyset, String fernetKey) {
        out.reset();
        String[] settings = Arrays.copyOf(database.settings(), 4);
        settings[2] = "--ENCRYPTION_KEYSET=" + keyset;
        settings[3] = "--ENCRYPTION_KEY=" + fernetKey;
        return ResealCommand.run(settings, new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Map<String, TwitterCredentials> stored(String keyset, String username) {
        TwitterCredentials credentials = credentials(username, "p@ssw0rd!");
        return Map.of(AccountDatabase.store(accounts(keyset), "alice", credentials), credentials);
    }

    private Map<String, TwitterCredentials> storedByTheOldService(String username) {
        TwitterCredentials credentials = credentials(username, "p@ssw0rd!");
        ObjectId id = new ObjectId();
        database.mongo()
                .getCollection("twitter_users")
                .insertOne(new Document("_id", id)
                        .append("user_id", "alice")
                        .append("username", username)
                        .append("encrypted_password", TestSealers.FERNET_PASSWORD)
                        .append("phone_number", credentials.phoneNumber())
                        .append("email", credentials.email()));
        return Map.of(id.toHexString(), credentials);
    }

    private static TwitterCredentials credentials(String username, String password) {
        return new TwitterCredentials(username, password, "+1234567890", username + "@example.com");
    }

    private TwitterAccounts accounts(String keyset) {
        return database.accounts(TestSealers.of(keyset), event -> {});
    }

    private void change(String id, Document fields) {
        database.mongo().getCollection("twitter_users").updateOne(withId(id), new Document("$set", fields));
    }

    private Document document(String id) {
        return database.mongo()
                .getCollection("twitter_users")
                .find(withId(id))
                .into(new ArrayList<>())
                .get(0);
    }

    private static Document withId(String id) {
        return new Document("_id", ObjectId.isValid(id) ? new ObjectId(id) : id);
    }
}
