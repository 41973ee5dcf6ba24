package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.Test;

/** The user authentication service, called as its clients did. */
class UserAuthenticationServiceIT extends OldRoutesTest {

    private final UserAuthenticationClient client;

    UserAuthenticationServiceIT(PerchSystem system) {
        super(system);
        this.client = new UserAuthenticationClient(system.api());
    }

    @Test
    void aUserSignsUpAndGetsAToken() {
        String username = newName();

        Answer signup = client.signup(username, newPassword());

        assertStatus(signup, 201);
        assertThat(signup.field("message")).isNotBlank();
        assertThat(signup.field("id")).isNotBlank();
        assertThat(signup.field("username")).isEqualTo(username);
        assertAccepted(signup.field("access_token"));
    }

    @Test
    void aSignInReturnsTheUserAndAToken() {
        TestUser user = admin.createUser();

        Answer signin = client.signin(user.username(), user.password());

        assertStatus(signin, 200);
        assertThat(signin.json().path("user").path("id").asString()).isEqualTo(user.id());
        assertThat(signin.json().path("user").path("username").asString()).isEqualTo(user.username());
        assertAccepted(signin.field("access_token"));
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertProblem(client.signin(admin.createUser().username(), newPassword()), 401);
    }

    private void assertAccepted(String accessToken) {
        assertStatus(PerchApi.withToken(system, accessToken).get("/tasks"), 200);
    }
}
