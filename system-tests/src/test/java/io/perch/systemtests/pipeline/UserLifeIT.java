package io.perch.systemtests.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The events of a user in Keycloak, and their effects in the resource server. */
@PerchSystemTest
class UserLifeIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final PerchSystem system;

    @AutoClose
    private final KeycloakAdmin keycloak;

    UserLifeIT(PerchSystem system) {
        this.system = system;
        this.keycloak = new KeycloakAdmin(system);
    }

    @Test
    void aUserIsListedWithTheLastSignInAndErasedAfterADeletion() {
        TestUser user = keycloak.createUser();
        PerchApi own = PerchApi.as(system, user);
        String taskId = own.submit("life", "some-password");
        own.awaitFinal(taskId);
        TestUser administrator = keycloak.createUser();
        keycloak.grant(administrator, "admin");
        PerchApi ada = PerchApi.as(system, administrator);

        JsonNode known = await().atMost(TIMEOUT)
                .until(
                        () -> ada.get("/admin/users?search=" + user.username())
                                .json()
                                .path("items"),
                        items -> items.size() == 1 && items.get(0).has("last_login"))
                .get(0);
        assertThat(known.path("user_id").asString()).isEqualTo(user.id());
        assertThat(known.path("roles").valueStream().map(JsonNode::asString)).contains("user");

        keycloak.delete(user);

        await().atMost(TIMEOUT).until(() -> own.get("/tasks").status() == 401);
        List<String> acts =
                await().atMost(TIMEOUT).until(() -> actions(ada, user), actions -> actions.contains("user.erased"));
        assertThat(acts).contains("user.logged_in", "task.submitted");
        assertThat(ada.get("/admin/users?search=" + user.username()).json().path("items"))
                .isEmpty();
        assertThat(ada.get("/admin/tasks?user_id=" + user.id()).json().path("items"))
                .isEmpty();
    }

    private static List<String> actions(PerchApi admin, TestUser user) {
        return admin.get("/admin/audit?user_id=" + user.id())
                .json()
                .path("items")
                .valueStream()
                .map(line -> line.path("action").asString())
                .toList();
    }
}
