package io.perch.resourceserver.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.crypto.TestSealers;
import io.perch.resourceserver.crypto.UnsealException;
import java.nio.charset.StandardCharsets;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents of the old service: the password is a Fernet token, and all other fields are in clear text. */
class OldAccountsTest {

    private static final TwitterCredentials OLD =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", "test@example.com");

    private final AccountDatabase database = new AccountDatabase();
    private final Sealer sealer = TestSealers.ofNewKeyset();
    private final AccountSecrets secrets = database.secrets(sealer);
    private final TwitterAccounts accounts = database.accounts(sealer, event -> {});

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theFirstLoginSealsTheOldValues() {
        ObjectId id = oldAccount();

        assertThat(AccountDatabase.credentials(accounts, "alice", id.toHexString()))
                .contains(OLD);

        Document stored = stored(id);
        assertThat(stored).doesNotContainKeys("phone_number", "email");
        assertThat(stored.getDate("created_at")).isEqualTo(id.getDate());
        assertThat(stored.toJson()).doesNotContain("gAAAAA", "+1234567890", "test@example.com");
        StoredAccount account = accounts.find("alice", id.toHexString()).orElseThrow();
        for (SecretField field : SecretField.values()) {
            assertThat(secrets.isCurrent(account, field)).isTrue();
        }
        assertThat(AccountDatabase.credentials(accounts, "alice", id.toHexString()))
                .contains(OLD);
    }

    /** Many clients stored the bytes of the token and not its text. */
    @Test
    void aTokenStoredAsBytesIsReadAndSealed() {
        ObjectId id = oldAccount();
        database.mongo()
                .getCollection("twitter_users")
                .updateOne(
                        new Document("_id", id),
                        new Document(
                                "$set",
                                new Document(
                                        "encrypted_password",
                                        new Binary(TestSealers.FERNET_PASSWORD.getBytes(StandardCharsets.US_ASCII)))));

        assertThat(accounts.list("alice", null, 20).getContent()).hasSize(1);
        assertThat(AccountDatabase.credentials(accounts, "alice", id.toHexString()))
                .contains(OLD);
        assertThat(stored(id).get("encrypted_password")).isInstanceOf(String.class);
    }

    @Test
    void anUnreadableAccountDoesNotHideOthers() {
        ObjectId broken = oldAccount();
        oldAccount();
        database.mongo()
                .getCollection("twitter_users")
                .updateOne(new Document("_id", broken), new Document("$set", new Document("encrypted_password", 1)));

        assertThat(accounts.list("alice", null, 20).getContent()).hasSize(2);
        assertThatExceptionOfType(UnsealException.class)
                .isThrownBy(() -> AccountDatabase.credentials(accounts, "alice", broken.toHexString()));
    }

    @Test
    void anOldAccountIsShownLikeOthers() {
        ObjectId id = oldAccount();
        StoredAccount account = accounts.find("alice", id.toHexString()).orElseThrow();

        assertThat(TwitterAccountRepresentation.of(account, secrets))
                .isEqualTo(new TwitterAccountRepresentation(
                        id.toHexString(), "testuser", "+*******890", "test@example.com", null, null));
        assertThat(account.creationTime()).isEqualTo(id.getDate().toInstant());
    }

    @Test
    void aNewerPasswordIsNotOverwritten() {
        ObjectId id = oldAccount();
        StoredAccount before = accounts.find("alice", id.toHexString()).orElseThrow();
        String newer = secrets.seal(SecretField.PASSWORD, "newer", "alice", id.toHexString());
        database.mongo()
                .getCollection("twitter_users")
                .updateOne(
                        new Document("_id", id),
                        new Document(
                                "$set", new Document("encrypted_password", newer).append("phone_number", "+49123")));

        assertThat(secrets.credentials(before)).isEqualTo(OLD);
        assertThat(secrets.reseal(before, SecretField.PASSWORD)).isFalse();

        assertThat(AccountDatabase.credentials(accounts, "alice", id.toHexString()))
                .contains(new TwitterCredentials("testuser", "newer", "+49123", "test@example.com"));
    }

    @Test
    void anAccountDeletedMeanwhileIsNotRestored() {
        ObjectId id = oldAccount();
        StoredAccount before = accounts.find("alice", id.toHexString()).orElseThrow();
        accounts.delete("alice", id.toHexString());

        assertThat(secrets.credentials(before)).isEqualTo(OLD);

        assertThat(accounts.find("alice", id.toHexString())).isEmpty();
        assertThat(stored(id).keySet()).containsExactlyInAnyOrder("_id", "user_id", "created_at", "deleted_at");
    }

    @Test
    void aTokenInAnotherFieldIsNotOpened() {
        ObjectId id = oldAccount();
        for (String field : new String[] {"encrypted_email", "encrypted_phone_number"}) {
            database.mongo()
                    .getCollection("twitter_users")
                    .updateOne(
                            new Document("_id", id),
                            new Document("$set", new Document(field, TestSealers.FERNET_PASSWORD)));
        }
        StoredAccount account = accounts.find("alice", id.toHexString()).orElseThrow();

        for (SecretField field : new SecretField[] {SecretField.EMAIL, SecretField.PHONE_NUMBER}) {
            assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> secrets.open(account, field));
        }
    }

    private ObjectId oldAccount() {
        ObjectId id = new ObjectId();
        database.mongo()
                .getCollection("twitter_users")
                .insertOne(new Document("_id", id)
                        .append("user_id", "alice")
                        .append("username", "testuser")
                        .append("encrypted_password", TestSealers.FERNET_PASSWORD)
                        .append("phone_number", "+1234567890")
                        .append("email", "test@example.com"));
        return id;
    }

    private Document stored(ObjectId id) {
        Document stored = database.mongo()
                .getCollection("twitter_users")
                .find(new Document("_id", id))
                .first();
        assertThat(stored).isNotNull();
        return stored == null ? new Document() : stored;
    }
}
