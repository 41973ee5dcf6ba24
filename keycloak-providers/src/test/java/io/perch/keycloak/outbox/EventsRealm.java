package io.perch.keycloak.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perch.keycloak.PageBrowser;
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
import org.keycloak.representations.idm.PartialImportRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.RolesRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A separate realm whose events are published to Kafka. */
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

    /** An existing realm. */
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

    /** Signs in with {@link #PASSWORD}. */
    IssuedToken token(String client, String username) {
        return token(client, username, "openid");
    }

    IssuedToken token(String client, String username, String scope) {
        return IssuedToken.of(form(
                "protocol/openid-connect/token",
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "username",
                        username,
                        "password",
                        PASSWORD,
                        "scope",
                        scope)));
    }

    /** The token response, or the error. */
    JsonNode refresh(String client, String refreshToken) {
        return form(
                "protocol/openid-connect/token",
                Map.of("grant_type", "refresh_token", "client_id", client, "refresh_token", refreshToken));
    }

    IssuedToken refreshed(String client, IssuedToken token) {
        return IssuedToken.of(refresh(client, token.refreshToken()));
    }

    /** The token response, or the error. */
    JsonNode exchange(String client, String code) {
        return form(
                "protocol/openid-connect/token",
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "client_id",
                        client,
                        "code",
                        code,
                        "redirect_uri",
                        "http://localhost/app"));
    }

    /** The address of the authorization request. */
    URI authorization(String client, String more) {
        return address.resolve("protocol/openid-connect/auth?response_type=code&scope=openid&client_id=" + client
                + "&redirect_uri=http://localhost/app" + more);
    }

    /** Revokes a token by RFC 7009. */
    void revoke(String client, String token) {
        exchange(formRequest("protocol/openid-connect/revoke", Map.of("client_id", client, "token", token)));
    }

    /** The status of Keycloak's {@code userinfo} for a token. */
    int userinfo(IssuedToken token) {
        return exchange(HttpRequest.newBuilder(address.resolve("protocol/openid-connect/userinfo"))
                        .header("Authorization", "Bearer " + token.accessToken()))
                .statusCode();
    }

    /** Gives or withdraws consent in the account API, and returns the status. */
    int consent(IssuedToken token, String method, String client) {
        return exchange(HttpRequest.newBuilder(address.resolve("account/applications/" + client + "/consent"))
                        .header("Authorization", "Bearer " + token.accessToken())
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .method(
                                method,
                                method.equals("POST")
                                        ? BodyPublishers.ofString("{\"grantedScopes\":[]}")
                                        : BodyPublishers.noBody()))
                .statusCode();
    }

    /** Changes the password by the auth API, which ends the other sessions. */
    void changePassword(IssuedToken token, String password) {
        int status = exchange(HttpRequest.newBuilder(address.resolve("auth-api/v1/me/password"))
                        .header("Authorization", "Bearer " + token.accessToken())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"current_password\":\"%s\",\"new_password\":\"%s\"}".formatted(PASSWORD, password))))
                .statusCode();
        if (status != 204) {
            throw new AssertionError("me/password: " + status);
        }
    }

    /** An administrator of the realm impersonates a user in a browser. */
    void impersonate(PageBrowser browser, IssuedToken administrator, String userId) {
        browser.open(
                HttpRequest.newBuilder(address.resolve("/admin/realms/" + name + "/users/" + userId + "/impersonation"))
                        .header("Authorization", "Bearer " + administrator.accessToken())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}"))
                        .build());
    }

    /** Overwrites a user by an import with the same id and another first name. */
    void overwrite(String userId, String username) {
        UserRepresentation user = new UserRepresentation();
        user.setId(userId);
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setEmailVerified(true);
        user.setFirstName("Augusta");
        user.setLastName("Perch");
        user.setEnabled(true);
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        user.setCredentials(List.of(password));
        PartialImportRepresentation users = new PartialImportRepresentation();
        users.setIfResourceExists(PartialImportRepresentation.Policy.OVERWRITE.name());
        users.setUsers(List.of(user));
        try (Response response = realm.partialImport(users)) {
            if (response.getStatus() != 200) {
                throw new AssertionError(response.readEntity(String.class));
            }
        }
    }

    /** Whether a user gets no token. */
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
        return userEvents(method, "resync", token);
    }

    /** Calls an address below {@code user-events} of the admin API and returns the answer. */
    HttpResponse<String> userEvents(String method, String path, String token) {
        return exchange(HttpRequest.newBuilder(address.resolve("/admin/realms/" + name + "/user-events/" + path))
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
