package io.perch.systemtests.client;

import io.perch.systemtests.PerchSystem;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keycloak's admin REST API. {@link #close()} deletes everything that was created with it. */
public final class KeycloakAdmin implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Http http = new Http();
    private final URI tokenEndpoint;
    private final URI realms;
    private final String base;
    private final Deque<String> made = new ArrayDeque<>();

    public KeycloakAdmin(PerchSystem system) {
        this(system, "perch");
    }

    public KeycloakAdmin(PerchSystem system, String realm) {
        this.tokenEndpoint = URI.create(system.keycloak() + "/realms/master/protocol/openid-connect/token");
        this.realms = URI.create(system.keycloak() + "/admin/realms");
        this.base = realms + "/" + realm;
    }

    /** Creates a user with the default role, a verified e-mail address and a random password. */
    public TestUser createUser() {
        var name = "test-" + UUID.randomUUID();
        var password = UUID.randomUUID().toString();
        var id = created(create(
                "/users",
                Map.of(
                        "username",
                        name,
                        "email",
                        name + "@perch.example",
                        "emailVerified",
                        true,
                        "enabled",
                        true,
                        "credentials",
                        List.of(Map.of("type", "password", "value", password)))));
        return new TestUser(id, name, password);
    }

    /** Creates something and returns the response. What was created is deleted at the end. */
    public Answer create(String collection, Map<String, ?> representation) {
        var answer =
                http.json("POST", URI.create(base + collection), bearer(), JSON.writeValueAsString(representation));
        if (answer.status() == 201) {
            made.push(collection + "/" + created(answer));
        }
        return answer;
    }

    public void grant(TestUser user, String role) {
        var representation = get("/roles/" + role);
        var answer = http.json(
                "POST",
                URI.create(base + "/users/" + user.id() + "/role-mappings/realm"),
                bearer(),
                "[" + representation + "]");
        if (answer.status() != 204) {
            throw new AssertionError("Role not granted: " + answer);
        }
    }

    /** Ends all sessions of a user. */
    public void logout(TestUser user) {
        var answer = http.json("POST", URI.create(base + "/users/" + user.id() + "/logout"), bearer(), "");
        if (answer.status() != 204) {
            throw new AssertionError("Not signed out: " + answer);
        }
    }

    public void delete(TestUser user) {
        var answer = http.delete(URI.create(base + "/users/" + user.id()), bearer());
        if (answer.status() != 204) {
            throw new AssertionError("Not deleted: " + answer);
        }
    }

    /** A client by its {@code client_id}. */
    public JsonNode client(String clientId) {
        return get("/clients?clientId=" + clientId).path(0);
    }

    /** A confidential client's secret. */
    public String secretOf(String clientId) {
        return client(clientId).path("secret").asString("");
    }

    /** The JSON at a path below the realm. An empty path is the realm itself. */
    public JsonNode get(String path) {
        var answer = http.get(URI.create(base + path), bearer());
        if (answer.status() != 200) {
            throw new AssertionError(path + ": " + answer);
        }
        return answer.json();
    }

    @Override
    public void close() {
        made.forEach(path -> http.delete(URI.create(base + path), bearer()));
    }

    /** Creates a realm. {@link #close()} does not delete it. */
    public Answer createRealm(Map<String, ?> representation) {
        return http.json("POST", realms, bearer(), JSON.writeValueAsString(representation));
    }

    /** Runs something while the realm has other settings. */
    public void withRealmSettings(Map<String, ?> settings, Runnable work) {
        // The whole realm, because Keycloak resets some settings that an update does not have
        var before = get("");
        var changed = (ObjectNode) before.deepCopy();
        settings.forEach((name, value) -> changed.set(name, JSON.valueToTree(value)));
        update(changed);
        try {
            work.run();
        } finally {
            update(before);
        }
    }

    private void update(JsonNode realm) {
        var answer = send("PUT", "", realm.toString());
        if (answer.status() != 204) {
            throw new AssertionError("Realm not changed: " + answer);
        }
    }

    /** Sends JSON to a path below the realm. Nothing that this creates is deleted at the end. */
    public Answer send(String method, String path, String json) {
        return http.json(method, URI.create(base + path), bearer(), json);
    }

    /** The id from the response of a creation. */
    public static String created(Answer answer) {
        var path = answer.location().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** An access token of the administrator, from the realm {@code master}. */
    public String accessToken() {
        var environment = System.getenv();
        var answer = http.post(
                tokenEndpoint,
                Map.of(),
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        environment.getOrDefault("KC_BOOTSTRAP_ADMIN_USERNAME", "admin"),
                        "password",
                        environment.getOrDefault("KC_BOOTSTRAP_ADMIN_PASSWORD", "admin")));
        return answer.field("access_token");
    }

    private Map<String, String> bearer() {
        return Map.of("Authorization", "Bearer " + accessToken());
    }
}
