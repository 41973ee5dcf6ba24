package io.perch.resourceserver.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.crypto.TestSealers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stored accounts, on a real database. */
class TwitterAccountsTest {

    private static final TwitterCredentials CREDENTIALS =
            new TwitterCredentials("testuser", "p@ssw0rd!", "+1234567890", null);

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
}
