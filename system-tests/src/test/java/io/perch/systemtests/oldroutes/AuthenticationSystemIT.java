package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.TestUser;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The authentication system {@code balance_hub}, called as its clients did. {@link CookieIT} tests its cookie. */
class AuthenticationSystemIT extends OldRoutesTest {

    private final AuthenticationSystemClient client;

    AuthenticationSystemIT(PerchSystem system) {
        super(system);
        this.client = new AuthenticationSystemClient(system.api());
    }

    @Test
    void aUserRegistersVerifiesTheAddressAndIsSignedIn() {
        String email = newAddress();
        String password = newPassword();
        Answer registered = client.register(email, password);
        assertStatus(registered, 201);
        assertThat(registered.field("email")).isEqualTo(email);
        assertThat(registered.json().path("verification_required").asBoolean()).isTrue();
        assertNoTokenIn(registered);
        assertThat(registered.headers("Set-Cookie"))
                .as("the proof of the registration, and no token")
                .allMatch(cookie -> cookie.startsWith("registration_token=") && cookie.contains("HttpOnly"));
        assertProblem(client.login(email, password), 403);

        Answer verified = client.verifyEmail(email, mailbox(email).awaitCode(1));

        assertMessage(verified);
        assertNoTokenIn(verified);
        assertStatus(client.updateUser(Map.of("first_name", "Ada")), 200);
    }

    @Test
    void aVerificationCodeCanBeSentAgain() {
        String email = newAddress();
        admin.create("/users", Map.of("username", newName(), "email", email, "enabled", true));
        assertMessage(client.resendVerification(email));

        assertMessage(client.verifyEmail(email, mailbox(email).awaitCode(1)));

        // Without the proof of a registration, a code verifies the address, but it does not sign in
        assertProblem(client.updateUser(Map.of("first_name", "Ada")), 401);
    }

    @Test
    void aWrongCodeAndAWrongPasswordAreRefused() {
        TestUser user = admin.createUser();

        assertProblem(client.verifyEmail(addressOf(user), "000000"), 400);
        assertProblem(client.login(addressOf(user), newPassword()), 401);
    }

    @Test
    void aUserSignsInChangesTheAccountAndSignsOut() {
        TestUser user = admin.createUser();
        assertProblem(client.updateUser(Map.of("first_name", "Ada")), 401);
        Answer login = client.login(addressOf(user), user.password());
        assertMessage(login);
        assertNoTokenIn(login);

        Answer updated = client.updateUser(Map.of("first_name", "Ada", "phone", "+493023125000"));
        assertStatus(updated, 200);
        assertThat(updated.field("id")).isEqualTo(user.id());
        assertThat(updated.field("first_name")).isEqualTo("Ada");
        assertThat(updated.field("phone")).isEqualTo("+493023125000");

        assertMessage(client.logout());
        assertThat(client.credentials()).isEmpty();
        assertProblem(client.updateUser(Map.of("first_name", "Eve")), 401);
    }

    @Test
    void aUserResetsThePasswordWithTheLinkInTheMail() {
        TestUser user = admin.createUser();
        String email = addressOf(user);
        String password = newPassword();
        assertMessage(client.forgetPassword(email));

        assertMessage(client.resetPassword(mailbox(email).awaitResetToken(), password));

        assertProblem(client.login(email, user.password()), 401);
        awaitFailure(user);
        assertMessage(client.login(email, password));
    }

    @Test
    void informationIsPublicAndMetricsNeedAModerator() {
        assertStatus(client.information(), 200);
        assertStatus(client.health(), 200);
        assertProblem(client.metrics(), 401);

        TestUser moderator = admin.createUser();
        admin.grant(moderator, "moderator");
        assertMessage(client.login(addressOf(moderator), moderator.password()));
        assertThat(client.metrics().body()).contains("http_server_requests_seconds");
    }

    private static void assertNoTokenIn(Answer answer) {
        // Every JWT begins with this: a JSON object's opening brace and quote in Base64
        assertThat(answer.body()).doesNotContain("_token", "eyJ");
    }
}
