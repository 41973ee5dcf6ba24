package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import org.junit.jupiter.api.Test;

/** The user management service, called as its clients did. */
class UserManagementServiceIT extends OldRoutesTest {

    private final UserManagementClient client;

    UserManagementServiceIT(PerchSystem system) {
        super(system);
        this.client = new UserManagementClient(system.api());
    }

    @Test
    void aNewUserMustVerifyTheAddressAndCannotChooseARole() {
        String email = newAddress();
        String password = newPassword();
        Answer registered = client.register(email, password, "Ada", "Lovelace", "admin");
        assertStatus(registered, 201);
        assertThat(registered.field("email")).isEqualTo(email);
        assertThat(registered.json().path("verification_required").asBoolean()).isTrue();
        assertThat(registered.json().has("access_token")).isFalse();
        assertProblem(client.token(email, password), 403);

        verify(email, password);
        Answer token = client.token(email, password);

        assertThat(Token.access(token).realmRoles()).contains("user").doesNotContain("admin", "moderator");
        PerchApi api = PerchApi.withToken(system, token.field("access_token"));
        assertStatus(api.get("/tasks"), 200);
        assertProblem(api.get("/admin/users"), 403);
    }

    @Test
    void aUsedAddressIsRefused() {
        TestUser user = admin.createUser();

        assertProblem(client.register(addressOf(user), newPassword(), "Ada", "Lovelace", "user"), 409);
    }

    @Test
    void aUserGetsATokenWithTheForm() {
        TestUser user = admin.createUser();

        Answer token = client.token(addressOf(user), user.password());

        assertThat(Token.access(token).claim("sub")).isEqualTo(user.id());
        assertThat(token.field("token_type")).isEqualToIgnoringCase("bearer");
        assertStatus(client.token(user.username(), user.password()), 200);
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertProblem(client.token(addressOf(admin.createUser()), newPassword()), 401);
    }
}
