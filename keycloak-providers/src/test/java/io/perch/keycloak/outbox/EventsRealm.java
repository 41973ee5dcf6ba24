package io.perch.keycloak.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.RolesRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A realm of its own whose events go to Kafka. */
final class EventsRealm {

    static final String PASSWORD = "correct horse battery";

    private static final ObjectMapper JSON = new ObjectMapper();

    final String name;
    final RealmResource realm;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();

    EventsRealm(URI server, Keycloak admin) {
        this(server, admin, List.of("jboss-logging", UserEventsListenerFactory.PROVIDER_ID));
    }

    /** One that is there. */
    EventsRealm(URI server, Keycloak admin, String name) {
        this.name = name;
        this.realm = admin.realm(name);
        this.address = server.resolve("/realms/" + name + "/");
    }

    EventsRealm(URI server, Keycloak admin, List<String> listeners) {
        name = "events-" + UUID.randomUUID();
        address = server.resolve("/realms/" + name + "/");
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        client.setRedirectUris(List.of("http://localhost/app"));
        RolesRepresentation roles = new RolesRepresentation();
        roles.setRealm(
                List.of(new RoleRepresentation("user", null, false), new RoleRepresentation("moderator", null, false)));
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm(name);
        representation.setEnabled(true);
        representation.setRegistrationAllowed(true);
        representation.setEventsEnabled(true);
        representation.setAdminEventsEnabled(true);
        representation.setEventsListeners(listeners);
        representation.setAttributes(new HashMap<>(Map.of("auth-api.default-client", "app")));
        representation.setClients(List.of(client));
        representation.setRoles(roles);
        admin.realms().create(representation);
        realm = admin.realm(name);
        UPConfig profile = realm.users().userProfile().getConfiguration();
        for (String attribute : List.of("phone_number", "locale_hint", "secret_note")) {
            UPAttribute added = new UPAttribute(attribute);
            added.setPermissions(new UPAttributePermissions(Set.of("admin", "user"), Set.of("admin", "user")));
            profile.addOrReplaceAttribute(added);
        }
        realm.users().userProfile().update(profile);
    }

    /** Adds a user with {@link #PASSWORD} and returns the id. */
    String addUser(String username) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setEmailVerified(true);
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        user.setAttributes(new HashMap<>(Map.of(
                "phone_number",
                List.of("+14155552671"),
                "locale_hint",
                List.of("de\u2013\u00fc"),
                "secret_note",
                List.of("keep-me-secret"))));
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    String addUserWithoutPassword(String username) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEnabled(true);
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    /** Signs in at the token endpoint; the token response, or the error. */
    JsonNode signIn(String username, String password) {
        return form(
                "protocol/openid-connect/token",
                Map.of("grant_type", "password", "client_id", "app", "username", username, "password", password));
    }

    /** Signs in as part of a trace. */
    JsonNode signIn(String username, String password, String traceparent) {
        return send(formRequest(
                        "protocol/openid-connect/token",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "app",
                                "username",
                                username,
                                "password",
                                password))
                .header("traceparent", traceparent));
    }

    /** Whether there is no token for a user. */
    boolean signInFails(String username) {
        return signIn(username, PASSWORD).path("access_token").isMissingNode();
    }

    void signOut(String refreshToken) {
        form("protocol/openid-connect/logout", Map.of("client_id", "app", "refresh_token", refreshToken));
    }

    private JsonNode form(String path, Map<String, String> fields) {
        return send(formRequest(path, fields));
    }

    private HttpRequest.Builder formRequest(String path, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
    }

    /** Calls {@code user-events/resync} of the admin API and returns the answer. */
    HttpResponse<String> resync(String method, String token) {
        return exchange(HttpRequest.newBuilder(address.resolve("/admin/realms/" + name + "/user-events/resync"))
                .header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.noBody()));
    }

    /** Registers by the auth API and returns the status. */
    int register(String username) {
        String user =
                "{\"username\":\"%s\",\"email\":\"%s@perch.example\",\"first_name\":\"Ada\",\"last_name\":\"Perch\","
                        + "\"password\":\"%s\"}";
        return exchange(HttpRequest.newBuilder(address.resolve("auth-api/v1/register"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(user.formatted(username, username, PASSWORD))))
                .statusCode();
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return JSON.readTree(exchange(request).body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
