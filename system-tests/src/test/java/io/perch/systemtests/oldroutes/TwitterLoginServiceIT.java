package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Twitter login service, called as its clients did. */
class TwitterLoginServiceIT extends OldRoutesTest {

    private final TwitterLoginClient client;

    TwitterLoginServiceIT(PerchSystem system) {
        super(system);
        this.client = new TwitterLoginClient(system.api());
    }

    @Test
    void aUserRegistersAndLogsInAtTwitter() {
        String username = newName();
        Answer registered = client.register(username, newPassword());

        assertStatus(registered, 201);
        assertThat(registered.field("username")).isEqualTo(username);
        assertThat(registered.field("id")).isNotBlank();
        assertThat(twitterLogin(registered.field("access_token"))).isEqualTo("success");
    }

    @Test
    void aUserSignsInAndLogsInAtTwitter() {
        TestUser user = admin.createUser();
        Answer login = client.login(user.username(), user.password());

        assertStatus(login, 200);
        assertThat(login.field("token_type")).isEqualToIgnoringCase("bearer");
        assertThat(twitterLogin(login.field("access_token"))).isEqualTo("success");
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertProblem(client.login(admin.createUser().username(), newPassword()), 401);
    }

    @Test
    void aLoginAtTwitterNeedsAToken() {
        assertProblem(client.twitterLogin(), 401);
    }

    @Test
    void theRootHasAWelcomeMessage() {
        Answer welcome = client.welcome();

        assertStatus(welcome, 200);
        assertThat(welcome.field("message")).startsWith("Welcome");
    }

    /** The final status of the login's task. */
    private String twitterLogin(String accessToken) {
        Answer submitted = client.twitterLogin();
        assertStatus(submitted, 202);
        JsonNode task = PerchApi.withToken(system, accessToken).awaitFinal(submitted.field("task_id"));
        return task.path("status").asString();
    }
}
