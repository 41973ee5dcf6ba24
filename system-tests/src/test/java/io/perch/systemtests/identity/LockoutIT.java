package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.TestUser;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Repeated wrong passwords lock an account for a limited time. */
class LockoutIT extends IdentityTest {

    private static final int FAILURE_FACTOR = 10;

    LockoutIT(PerchSystem system) {
        super(system);
    }

    @Test
    void afterManyWrongPasswordsTheRightOneIsRefusedForAWhile() {
        var user = admin.createUser();
        var guess = new TestUser(user.id(), user.username(), "not the password");

        IntStream.range(0, FAILURE_FACTOR).forEach(i -> realm.passwordGrant("perch-cli", guess));

        // Keycloak counts failures asynchronously
        await().until(() -> realm.passwordGrant("perch-cli", user).status() != 200);
        var lock = admin.get("/attack-detection/brute-force/users/" + user.id());
        assertThat(lock.path("disabled").asBoolean()).isTrue();
        assertThat(admin.get("/users/" + user.id()).path("enabled").asBoolean()).isTrue();
        assertThat(admin.get("").path("permanentLockout").asBoolean()).isFalse();
    }

    @Test
    void aLockedAccountGetsTheSameAnswerAsAWrongPassword() {
        var user = admin.createUser();
        var guess = new TestUser(user.id(), user.username(), "not the password");
        var wrong = realm.passwordGrant("perch-cli", guess);

        IntStream.range(0, FAILURE_FACTOR).forEach(i -> realm.passwordGrant("perch-cli", guess));
        await().until(() -> realm.passwordGrant("perch-cli", user).status() != 200);
        var locked = realm.passwordGrant("perch-cli", user);

        assertThat(locked.status()).isEqualTo(wrong.status());
        assertThat(locked.body()).isEqualTo(wrong.body());
    }
}
