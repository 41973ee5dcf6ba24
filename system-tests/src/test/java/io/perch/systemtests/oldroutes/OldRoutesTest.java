package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;

/** Base class with the system, and with the admin API, which creates users without a registration. */
@PerchSystemTest
abstract class OldRoutesTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    final PerchSystem system;

    @AutoClose
    final KeycloakAdmin admin;

    OldRoutesTest(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    static String newName() {
        return "old-" + UUID.randomUUID();
    }

    static String newAddress() {
        return newName() + "@perch.example";
    }

    static String newPassword() {
        return UUID.randomUUID().toString();
    }

    static String addressOf(TestUser user) {
        return user.username() + "@perch.example";
    }

    Mailbox mailbox(String address) {
        return Mailbox.of(system, address);
    }

    /** Enters the code from the mail with the auth API, because some services had no route for it. */
    void verify(String address, String password) {
        Answer verified = new AuthApi(system)
                .post(
                        "/verify-email",
                        Map.of("email", address, "code", mailbox(address).awaitCode(1), "password", password));
        assertStatus(verified, 200);
    }

    /** Waits until the resource server refuses a token whose session has ended. */
    void awaitEnd(String accessToken) {
        PerchApi api = PerchApi.withToken(system, accessToken);
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> api.get("/tasks").status() == 401);
    }

    /** Keycloak counts a failed login asynchronously. Until then it refuses other logins of the same user. */
    void awaitFailure(TestUser user) {
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> admin.get("/attack-detection/brute-force/users/" + user.id())
                                .path("numFailures")
                                .asInt()
                        == 1);
    }

    static void assertStatus(Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    static void assertMessage(Answer answer) {
        assertStatus(answer, 200);
        assertThat(answer.field("message")).isNotBlank();
    }

    /** Checks an error response. The old services had its text in {@code detail}. */
    static void assertProblem(Answer answer, int status) {
        assertStatus(answer, status);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.json().path("detail").isString()).as(answer.body()).isTrue();
        assertThat(answer.field("detail")).isNotBlank();
    }
}
