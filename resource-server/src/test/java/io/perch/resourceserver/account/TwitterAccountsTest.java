package io.perch.resourceserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.TestSealers;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
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
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Stored accounts in a real database. */
class TwitterAccountsTest {

    private static final TwitterCredentials CREDENTIALS =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", null);

    private static final TwitterCredentials WITH_EMAIL =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", "test@example.com");

    private final AccountDatabase database = new AccountDatabase();
    private final List<Object> events = new ArrayList<>();
    private final Sealer sealer = TestSealers.ofNewKeyset();
    private final AccountSecrets secrets = database.secrets(sealer);
    private final TwitterAccounts accounts = database.accounts(sealer, events::add);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aDeletionIsPublishedAndRemovesTheSecrets() {
        String id = store("alice", CREDENTIALS);

        assertThat(accounts.delete("mallory", id)).isFalse();
        assertThat(AccountDatabase.credentials(accounts, "alice", id)).isPresent();
        assertThat(accounts.delete("alice", id)).isTrue();
        assertThat(accounts.delete("alice", id)).isFalse();

        assertThat(events).contains(new AccountDeleted("alice", id));
        assertThat(AccountDatabase.credentials(accounts, "alice", id)).isEmpty();
    }

    @Test
    void aMovedValueDoesNotOpen() {
        String one = store("alice", WITH_EMAIL);
        String two = store("alice", new TwitterCredentials("other", "p2", "+4915112345678", "o@example.com"));
        String mallorys = store("mallory", WITH_EMAIL);
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
                    store("alice", WITH_EMAIL);
                }
            }
        }
    }

    @Test
    void aValueThatDoesNotOpenDoesNotHideOthers() {
        String id = store("alice", WITH_EMAIL);
        store("alice", new TwitterCredentials("other", "p2", "+4915112345678", null));
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
    void everyPhoneNumberIsMasked(String stored, String shown) {
        String id = store("alice", new TwitterCredentials("testuser", "p", stored, null));

        assertThat(TwitterAccountRepresentation.of(found(id), secrets).phoneNumber())
                .isEqualTo(shown);
    }

    @Test
    void loggedObjectsHaveNoSecrets() {
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
    void concurrentRequestsForTheSameAccountStoreOne() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TwitterCredentials credentials = new TwitterCredentials(
                        i % 2 == 0 ? "Same" + i / 20 : "sAME" + i / 20, "p", "+1234567890", null);
                requests.add(() -> store("alice", credentials));
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
    void pagesListEveryAccountOnceWithOldOnes() {
        Set<String> stored = storeOldAndNewAccounts();

        assertThat(readInPages()).containsExactlyInAnyOrderElementsOf(stored);
    }

    @Test
    void pagesListEveryAccountOnceIfOldAndNewOnesHaveTheSameCreationTime() {
        Set<String> stored = storeOldAndNewAccounts();
        database.mongo()
                .getCollection("twitter_users")
                .updateMany(new Document(), new Document("$set", new Document("created_at", Date.from(Instant.EPOCH))));

        assertThat(readInPages()).containsExactlyInAnyOrderElementsOf(stored);
    }

    private Set<String> storeOldAndNewAccounts() {
        Set<String> stored = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            ObjectId id = new ObjectId();
            database.mongo().getCollection("twitter_users").insertOne(oldAccount(id, "old" + i));
            stored.add(id.toHexString());
            stored.add(store("alice", new TwitterCredentials("new" + i, "p", "+1234567890", null)));
        }
        return stored;
    }

    private static Document oldAccount(ObjectId id, String username) {
        return new Document("_id", id)
                .append("user_id", "alice")
                .append("username", username)
                .append("encrypted_password", TestSealers.FERNET_PASSWORD)
                .append("phone_number", "+1234567890");
    }

    private List<String> readInPages() {
        List<String> seen = new ArrayList<>();
        String after = null;
        do {
            Page<String> page = Page.of(
                    accounts.list("alice", after, 3),
                    account -> new PageCursor(account.creationTime(), account.id()),
                    StoredAccount::id);
            seen.addAll(page.items());
            after = page.next();
        } while (after != null);
        return seen;
    }

    @Test
    void theResultOfALoginDoesNotRestoreADeletedAccount() {
        String id = store("alice", CREDENTIALS);
        Instant accepted = Instant.now().minusSeconds(5);
        accounts.delete("alice", id);

        accounts.write(List.of(new AccountWrite(
                "alice", id, "testuser", accounts.seal("alice", id, CREDENTIALS), accepted, "success", Instant.now())));

        assertThat(accounts.find("alice", id)).isEmpty();
        assertThat(accounts.list("alice", null, 20).getContent()).isEmpty();
        assertThat(store("alice", WITH_EMAIL)).isEqualTo(id);
        assertThat(accounts.find("alice", id)).isPresent();
    }

    /** Once the copy to the audit log failed, and the account was stored and deleted again before the next copy. */
    @Test
    void noActOfADeletionIsLostIfTheAccountIsStoredAgain() {
        List<String> audited = new ArrayList<>();
        ActLog log = entries -> entries.forEach(entry -> audited.add(entry.act().id()));
        ActLog unavailable = entries -> {
            throw new DataAccessResourceFailureException("unavailable");
        };
        AccountRepository repository = new AccountRepository(database.mongo());
        TwitterAccounts withoutLog = database.accounts(sealer, events::add, unavailable);
        String id = store("alice", CREDENTIALS);
        signIn("alice");
        try {
            assertThat(withoutLog.delete("alice", id)).isTrue();
            store("alice", CREDENTIALS);
            assertThat(repository.withActs(10)).singleElement().satisfies(account -> assertThat(account.acts())
                    .hasSize(1));
            assertThat(withoutLog.delete("alice", id)).isTrue();
            store("alice", CREDENTIALS);
        } finally {
            signOut();
        }

        database.cleanup(log).clean();
        database.cleanup(log).clean();

        assertThat(audited).hasSize(2).doesNotHaveDuplicates();
        assertThat(accounts.find("alice", id)).isPresent();
    }

    @Test
    void theActsOfAnAccountThatWasStoredAgainAreCopiedBeforeItsUserIsErased() {
        List<String> audited = new ArrayList<>();
        TwitterAccounts withoutLog = database.accounts(sealer, events::add, entries -> {
            throw new DataAccessResourceFailureException("unavailable");
        });
        String id = store("alice", CREDENTIALS);
        signIn("alice");
        try {
            assertThat(withoutLog.delete("alice", id)).isTrue();
        } finally {
            signOut();
        }
        store("alice", CREDENTIALS);

        database.accounts(
                        sealer,
                        events::add,
                        entries ->
                                entries.forEach(entry -> audited.add(entry.act().id())))
                .deleteAll("alice", null);

        assertThat(audited).hasSize(1);
        assertThat(accounts.count("alice")).isZero();
    }

    @Test
    void anAccountThatIsStoredAgainIsTheNewest() {
        Instant begin = Instant.now().minusSeconds(1);
        String a = store("alice", CREDENTIALS);
        String b = store("alice", new TwitterCredentials("other", "p", "+1234567890", null));
        awaitNextMillisecond();
        accounts.delete("alice", a);
        awaitNextMillisecond();
        store("alice", CREDENTIALS);

        List<StoredAccount> listed = accounts.list("alice", null, 20).getContent();

        assertThat(listed).extracting(StoredAccount::id).containsExactly(a, b);
        assertThat(listed.get(0).createdAt()).isAfter(begin);
        accounts.deleteAll("alice", begin);
        assertThat(accounts.count("alice")).isEqualTo(2);
    }

    private static void signIn(String userId) {
        Jwt token = Jwt.withTokenValue("token")
                .header("alg", "none")
                .subject(userId)
                .build();
        SecurityContextHolder.getContext().setAuthentication(new JwtAuthenticationToken(token, List.of(), userId));
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(new MockHttpServletRequest()));
    }

    private static void signOut() {
        SecurityContextHolder.clearContext();
        RequestContextHolder.resetRequestAttributes();
    }

    @Test
    void anOlderPasswordDoesNotReplaceANewerOne() {
        String id = store("alice", new TwitterCredentials("testuser", "newer", "+1234567890", null));

        accounts.write(List.of(new AccountWrite(
                "alice",
                id,
                "testuser",
                accounts.seal("alice", id, CREDENTIALS),
                Instant.now().minusSeconds(60),
                "success",
                Instant.now())));

        assertThat(AccountDatabase.credentials(accounts, "alice", id)
                        .orElseThrow()
                        .password())
                .isEqualTo("newer");
        assertThat(found(id).lastStatus()).isEqualTo("success");
    }

    /** Times are stored in milliseconds. */
    private static void awaitNextMillisecond() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS).isAfter(now));
    }

    private String store(String userId, TwitterCredentials credentials) {
        return AccountDatabase.store(accounts, userId, credentials);
    }

    private StoredAccount found(String id) {
        return StoredAccount.read(Objects.requireNonNull(database.mongo()
                .getCollection("twitter_users")
                .find(new Document("_id", id))
                .first()));
    }

    private String sealed(String id, SecretField field) {
        return Objects.requireNonNull(field.sealed(found(id)));
    }

    /** Writes a value directly, as an attacker with access to the database could. */
    private StoredAccount with(String id, SecretField field, String value) {
        database.mongo()
                .getCollection("twitter_users")
                .updateOne(new Document("_id", id), new Document("$set", new Document(field.stored(), value)));
        return found(id);
    }
}
