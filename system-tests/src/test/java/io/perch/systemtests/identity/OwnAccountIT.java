package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.TestUser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What users may do with their own accounts in this realm. */
class OwnAccountIT extends IdentityTest {

    private final AuthApi authApi;

    OwnAccountIT(PerchSystem system) {
        super(system);
        this.authApi = new AuthApi(system);
    }

    @Test
    void aUserReadsChangesAndDeletesTheOwnAccount() {
        TestUser user = admin.createUser();
        String token = signIn(user.username(), user.password());

        assertThat(me(token).path("username").asString("")).isEqualTo(user.username());
        Answer changed = authApi.put("/me", Map.of("first_name", "Ada"), token);
        assertThat(changed.status()).as(changed.body()).isEqualTo(200);
        assertThat(me(token).path("first_name").asString("")).isEqualTo("Ada");
        Answer deleted = authApi.delete("/me", token);
        assertThat(deleted.status()).as(deleted.body()).isEqualTo(204);

        assertThat(authApi.get("/me", token).status()).isEqualTo(401);
        assertThat(realm.passwordGrant("perch-cli", user).status()).isNotEqualTo(200);
    }

    @Test
    void aDemoUserReadsAndChangesTheOwnAccountAndMayDeleteIt() {
        assumeTrue(system.dataDirectory().isPresent(), "only the local stack has demo users");
        String token = signIn("alice", "perch-demo-alice");

        JsonNode alice = me(token);
        assertThat(alice.path("email").asString("")).isEqualTo("alice@perch.example");
        String lastName = alice.path("last_name").asString("");
        assertThat(authApi.put("/me", Map.of("last_name", lastName), token).status())
                .isEqualTo(200);
        // Alice is still needed, so she is not deleted. The test checks the role that allows the deletion
        String id = alice.path("user_id").asString("");
        String account = admin.client("account").path("id").asString("");
        assertThat(admin.get("/users/" + id + "/role-mappings/clients/" + account + "/composite")
                        .toString())
                .contains("\"delete-account\"");
    }

    @Test
    void theDefaultRoleIncludesKeycloaksRoles() {
        String role = admin.get("").path("defaultRole").path("name").asString("");
        assertThat(role).isEqualTo("default-roles-perch");
        assertThat(admin.get("/roles/" + role + "/composites").findValuesAsString("name"))
                .contains("user", "delete-account", "view-profile", "manage-account");
    }

    private String signIn(String username, String password) {
        Answer login = authApi.post("/login", Map.of("username", username, "password", password));
        assertThat(login.status()).as(login.body()).isEqualTo(200);
        return login.field("access_token");
    }

    private JsonNode me(String token) {
        Answer me = authApi.get("/me", token);
        assertThat(me.status()).as(me.body()).isEqualTo(200);
        return me.json();
    }
}
