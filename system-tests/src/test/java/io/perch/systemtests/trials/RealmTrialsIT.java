package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchRealm;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Realms that are configured differently from {@code perch}. Each test has a realm of its own. */
@PerchSystemTest
class RealmTrialsIT {

    private static final String PASSWORD = "correct horse battery";
    private static final JsonMapper JSON = new JsonMapper();

    private final String name = "trial-" + UUID.randomUUID();
    private final KeycloakAdmin perch;
    private final KeycloakAdmin admin;
    private final AuthApi auth;

    RealmTrialsIT(PerchSystem system) {
        this.perch = new KeycloakAdmin(system);
        this.admin = new KeycloakAdmin(system, name);
        this.auth = new AuthApi(new PerchRealm(system, name));
    }

    @BeforeEach
    void createRealm() {
        Map<String, Object> realm = Map.of(
                "realm", name,
                "enabled", true,
                "registrationAllowed", true,
                "resetPasswordAllowed", true,
                "loginWithEmailAllowed", false,
                "duplicateEmailsAllowed", true,
                "smtpServer", perch.get("").path("smtpServer"),
                "attributes", Map.of("auth-api.default-client", "admin-cli"));
        assertThat(perch.createRealm(realm).status()).isEqualTo(201);
    }

    @AfterEach
    void deleteRealm() {
        assertThat(admin.send("DELETE", "", "").status()).isEqualTo(204);
    }

    /** keycloak/keycloak#36108: a sign-in that needs a complete profile does not say so. */
    @Test
    void aRefusedSignInNamesTheActionThatTheUserMustDo() {
        createUser("bob");
        changeProfile(profile ->
                attribute(profile, "phone_number").set("required", JSON.valueToTree(Map.of("roles", List.of("user")))));

        Answer answer = auth.post("/login", Map.of("username", "bob", "password", PASSWORD));

        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.json().path("actions").valueStream().map(JsonNode::asString))
                .contains("VERIFY_PROFILE");
    }

    /** keycloak/keycloak#29098: an administrator's error message has braces. */
    @Test
    void aRefusedRegistrationHasTheAdministratorsMessage() {
        String message = "Use 3-8 letters: [a-z]{3,8}. Don't use digits";
        changeProfile(profile -> attribute(profile, "firstName")
                .set(
                        "validations",
                        JSON.valueToTree(
                                Map.of("pattern", Map.of("pattern", "[a-z]{3,8}", "error-message", message)))));

        Answer answer = auth.post(
                "/register",
                Map.of(
                        "username", "bob",
                        "email", "bob@perch.example",
                        "password", PASSWORD,
                        "first_name", "X1"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(message);
    }

    /** p2-inc/keycloak-magic-link#48: two users have one address. */
    @Test
    void anAddressOfTwoUsersCausesNoInternalError() {
        createUser("bob");
        createUser("rob");

        Answer verification = auth.post("/verify-email", Map.of("email", "bob@perch.example", "code", "123456"));
        Answer reset = auth.post(
                "/reset-password",
                Map.of("email", "bob@perch.example", "code", "123456", "new_password", "another horse battery"));
        Answer forgotten = auth.post("/forgot-password", Map.of("email", "bob@perch.example"));

        assertThat(verification.status()).as(verification.body()).isEqualTo(400);
        assertThat(reset.status()).as(reset.body()).isEqualTo(400);
        assertThat(forgotten.status()).as(forgotten.body()).isEqualTo(202);
    }

    private void createUser(String username) {
        Answer answer = admin.create(
                "/users",
                Map.of(
                        "username",
                        username,
                        "email",
                        "bob@perch.example",
                        "emailVerified",
                        true,
                        "enabled",
                        true,
                        "firstName",
                        "Bob",
                        "lastName",
                        "Perch",
                        "credentials",
                        List.of(Map.of("type", "password", "value", PASSWORD))));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private void changeProfile(Consumer<ObjectNode> change) {
        ObjectNode profile = (ObjectNode) admin.get("/users/profile");
        change.accept(profile);
        Answer answer = admin.send("PUT", "/users/profile", profile.toString());
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** An attribute of a user profile. It is added if the profile does not have it. */
    private static ObjectNode attribute(ObjectNode profile, String name) {
        ArrayNode attributes = (ArrayNode) profile.path("attributes");
        return StreamSupport.stream(attributes.spliterator(), false)
                .filter(attribute -> attribute.path("name").asString().equals(name))
                .map(ObjectNode.class::cast)
                .findFirst()
                .orElseGet(() -> {
                    ObjectNode added = attributes.addObject();
                    added.put("name", name);
                    added.set(
                            "permissions", JSON.valueToTree(Map.of("view", List.of("user"), "edit", List.of("user"))));
                    return added;
                });
    }
}
