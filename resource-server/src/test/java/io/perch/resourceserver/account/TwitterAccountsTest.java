package io.perch.resourceserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.crypto.TestSealers;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.data.mongodb.core.query.Update;

/** Stored accounts, on a real database. */
class TwitterAccountsTest {

    private static final TwitterCredentials CREDENTIALS =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", null);

    private static final TwitterCredentials WITH_EMAIL =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", "test@example.com");

    private final AccountDatabase database = new AccountDatabase();
    private final List<Object> events = new ArrayList<>();
    private final AccountSecrets secrets = new AccountSecrets(database.mongo(), TestSealers.ofNewKeyset());
    private final TwitterAccounts accounts =
            new TwitterAccounts(database.mongo(), secrets, events::add, Clock.systemUTC());

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aDeletedAccountIsToldOnceItsSecretsAreGone() {
        String id = accounts.store("alice", CREDENTIALS);

        assertThat(accounts.delete("mallory", id)).isFalse();
        assertThat(events).isEmpty();
        assertThat(accounts.delete("alice", id)).isTrue();
        assertThat(accounts.delete("alice", id)).isFalse();

        assertThat(events).containsExactly(new AccountDeleted("alice", id));
        assertThat(accounts.credentials("alice", id)).isEmpty();
    }

    @Test
    void aValueThatWasMovedElsewhereDoesNotOpen() {
        String one = accounts.store("alice", WITH_EMAIL);
        String two = accounts.store("alice", new TwitterCredentials("other", "p2", "+4915112345678", "o@example.com"));
        String mallorys = accounts.store("mallory", WITH_EMAIL);
        for (SecretField field : SecretField.values()) {
            String stolen = sealed(one, field);
            for (String id : List.of(two, mallorys)) {
                StoredAccount attacked = with(id, field, stolen);
                assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> secrets.open(attacked, field));
            }
            for (SecretField other : SecretField.values()) {
                if (other != field) {
                    StoredAccount attacked = with(one, other, sealed(one, field));
                    assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> secrets.open(attacked, other));
                    accounts.store("alice", WITH_EMAIL);
                }
            }
        }
    }

    @Test
    void aValueThatDoesNotOpenHidesNothingElse() {
        String id = accounts.store("alice", WITH_EMAIL);
        accounts.store("alice", new TwitterCredentials("other", "p2", "+4915112345678", null));
        StoredAccount broken = with(id, SecretField.PHONE_NUMBER, "broken");

        TwitterAccountRepresentation shown = TwitterAccountRepresentation.of(broken, secrets);

        assertThat(shown.phoneNumber()).isNull();
        assertThat(shown.email()).isEqualTo("test@example.com");
        assertThat(accounts.list("alice", null, 20).stream()
                        .map(account -> TwitterAccountRepresentation.of(account, secrets)))
                .hasSize(2);
        assertThat(accounts.delete("alice", id)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "+1234567890, +*******890",
        "+1234567, +****567",
        "12345, +****",
        "12, +*",
        "1, +",
        "'', +",
        "call me maybe, +*********ybe"
    })
    void whateverStandsForAPhoneNumberIsMasked(String stored, String shown) {
        String id = accounts.store("alice", new TwitterCredentials("testuser", "p", stored, null));

        assertThat(TwitterAccountRepresentation.of(found(id), secrets).phoneNumber())
                .isEqualTo(shown);
    }

    @Test
    void whatIsWrittenToALogHasNoSecret() {
        database.mongo()
                .getCollection("twitter_users")
                .insertOne(new Document("_id", "old")
                        .append("user_id", "alice")
                        .append("username", "testuser")
                        .append("encrypted_password", TestSealers.FERNET_PASSWORD)
                        .append("phone_number", "+1234567890")
                        .append("email", "test@example.com"));
        StoredAccount account = found("old");

        for (Object logged : List.of(account, TwitterAccountRepresentation.of(account, secrets), WITH_EMAIL)) {
            assertThat(logged.toString()).doesNotContain("p@ssw0rd", "+1234567890", "890", "@example.com", "gAAAA");
        }
    }

    @Test
    void manyRequestsForTheSameNewAccountMakeOne() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TwitterCredentials credentials = new TwitterCredentials(
                        i % 2 == 0 ? "Same" + i / 20 : "sAME" + i / 20, "p", "+1234567890", null);
                requests.add(() -> accounts.store("alice", credentials));
            }
            for (Future<String> request : clients.invokeAll(requests)) {
                request.get();
            }
        } finally {
            clients.shutdownNow();
        }

        assertThat(accounts.list("alice", null, 100).getContent()).hasSize(10);
    }

    @Test
    void everyAccountIsOnOnePageTheOldServicesToo() {
        Set<String> stored = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            ObjectId id = new ObjectId();
            database.mongo()
                    .getCollection("twitter_users")
                    .insertOne(new Document("_id", id)
                            .append("user_id", "alice")
                            .append("username", "old" + i)
                            .append("encrypted_password", TestSealers.FERNET_PASSWORD)
                            .append("phone_number", "+1234567890"));
            stored.add(id.toHexString());
            stored.add(accounts.store("alice", new TwitterCredentials("new" + i, "p", "+1234567890", null)));
        }

        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            Page<String> page = Page.of(
                    accounts.list("alice", after, 3),
                    account -> new PageCursor(account.madeAt(), account.id()),
                    StoredAccount::id);
            seen.addAll(page.items());
            after = page.next();
        } while (after != null);

        assertThat(seen).containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void theResultOfALoginDoesNotBringADeletedAccountBack() {
        String id = accounts.store("alice", CREDENTIALS);
        accounts.delete("alice", id);

        accounts.recordLogin(id, "success", Instant.now());

        assertThat(database.mongo().getCollection("twitter_users").countDocuments())
                .isZero();
    }

    private StoredAccount found(String id) {
        return Objects.requireNonNull(database.mongo().findById(id, StoredAccount.class));
    }

    private String sealed(String id, SecretField field) {
        return Objects.requireNonNull(field.sealed(found(id)));
    }

    /** Writes a value past the server, as one may who has the database. */
    private StoredAccount with(String id, SecretField field, String value) {
        database.mongo()
                .updateFirst(query(where("id").is(id)), Update.update(field.property(), value), StoredAccount.class);
        return found(id);
    }
}
