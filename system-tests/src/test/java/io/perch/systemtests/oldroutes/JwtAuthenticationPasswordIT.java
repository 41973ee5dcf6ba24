package io.perch.systemtests.oldroutes;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.Test;

/** The JWT authentication service's passwords, changed and forgotten. */
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
    void whoKnowsTheOldPasswordChangesIt() {
        assertStatus(client.login(user.username(), user.password()), 200);

        assertMessage(client.changePassword(user.password(), newPassword));

        assertOnlyTheNewPasswordIsGood();
    }

    @Test
    void whoDoesNotKnowTheOldPasswordChangesNothing() {
        assertStatus(client.login(user.username(), user.password()), 200);

        assertProblem(client.changePassword(newPassword(), newPassword), 401);

        assertStatus(client.login(user.username(), user.password()), 200);
    }

    @Test
    void whoForgotItChoosesANewOneByTheLinkInTheMail() {
        assertMessage(client.forgotPassword(email));
        String token = mailbox(email).awaitResetToken();

        assertMessage(client.resetPassword(token, newPassword));

        assertOnlyTheNewPasswordIsGood();
        assertProblem(client.resetPassword(token, newPassword()), 400);
    }

    @Test
    void whoForgotItChoosesANewOneByTheCodeInTheMail() {
        assertMessage(client.forgotPassword(email));
        String code = mailbox(email).awaitCode(1);

        assertMessage(client.resetPassword(email, code, newPassword));

        assertOnlyTheNewPasswordIsGood();
    }

    @Test
    void aForeignTokenResetsNothing() {
        assertProblem(client.resetPassword("not-a-token", newPassword), 400);
    }

    private void assertOnlyTheNewPasswordIsGood() {
        assertProblem(client.login(user.username(), user.password()), 401);
        awaitFailure(user);
        assertStatus(client.login(user.username(), newPassword), 200);
    }
}
