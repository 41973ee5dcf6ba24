package io.perch.systemtests.oldroutes;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.Test;

/** Password change and reset in the JWT authentication service. */
class JwtAuthenticationPasswordIT extends OldRoutesTest {

    private final JwtAuthenticationClient client;
    private final TestUser user = admin.createUser();
    private final String email = addressOf(user);
    private final String newPassword = newPassword();

    JwtAuthenticationPasswordIT(PerchSystem system) {
        super(system);
        this.client = new JwtAuthenticationClient(system.api());
    }

    @Test
    void aUserChangesThePasswordWithTheOldOne() {
        assertStatus(client.login(user.username(), user.password()), 200);

        assertMessage(client.changePassword(user.password(), newPassword));

        assertOnlyTheNewPasswordWorks();
    }

    @Test
    void aWrongOldPasswordIsRefused() {
        assertStatus(client.login(user.username(), user.password()), 200);

        assertProblem(client.changePassword(newPassword(), newPassword), 401);

        assertStatus(client.login(user.username(), user.password()), 200);
    }

    @Test
    void aUserResetsThePasswordWithTheLinkInTheMail() {
        assertMessage(client.forgotPassword(email));
        String token = mailbox(email).awaitResetToken();

        assertMessage(client.resetPassword(token, newPassword));

        assertOnlyTheNewPasswordWorks();
        assertProblem(client.resetPassword(token, newPassword()), 400);
    }

    @Test
    void aUserResetsThePasswordWithTheCodeInTheMail() {
        assertMessage(client.forgotPassword(email));
        String code = mailbox(email).awaitCode(1);

        assertMessage(client.resetPassword(email, code, newPassword));

        assertOnlyTheNewPasswordWorks();
    }

    @Test
    void anInvalidResetTokenIsRefused() {
        assertProblem(client.resetPassword("not-a-token", newPassword), 400);
    }

    private void assertOnlyTheNewPasswordWorks() {
        assertProblem(client.login(user.username(), user.password()), 401);
        awaitFailure(user);
        assertStatus(client.login(user.username(), newPassword), 200);
    }
}
