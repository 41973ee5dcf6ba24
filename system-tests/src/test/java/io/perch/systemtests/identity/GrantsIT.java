package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.Pkce;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Which client may use which grant. */
class GrantsIT extends IdentityTest {

    GrantsIT(PerchSystem system) {
        super(system);
    }

    @Test
    void onlyPerchCliMayUseThePasswordGrant() {
        var user = admin.createUser();
        var others = admin.get("/clients")
                .valueStream()
                .filter(client -> !clientId(client).equals("perch-cli"))
                .toList();

        assertThat(others).hasSizeGreaterThan(5).allSatisfy(client -> assertThat(passwordGrant(client, user))
                .as(clientId(client))
                .satisfies(GrantsIT::isRefused));
        assertThat(realm.passwordGrant("perch-cli", user).status()).isEqualTo(200);
    }

    @Test
    void aNewClientGetsTheRulesOfTheRealm() {
        var clientId = "test-" + UUID.randomUUID();
        var answer = admin.create(
                "/clients",
                Map.of(
                        "clientId", clientId,
                        "publicClient", true,
                        "directAccessGrantsEnabled", true,
                        "implicitFlowEnabled", true,
                        "redirectUris", List.of("https://app.example/callback")));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(realm.passwordGrant(clientId, admin.createUser())).satisfies(GrantsIT::isRefused);
        var client = admin.client(clientId);
        assertThat(client.path("implicitFlowEnabled").asBoolean()).isFalse();
        assertThat(client.path("attributes").path("pkce.code.challenge.method").asString(""))
                .isEqualTo("S256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example/*", "https://app.example/callback#fragment"})
    void aNewClientNeedsExactRedirectUris(String redirectUri) {
        var answer = admin.create(
                "/clients", Map.of("clientId", "test-" + UUID.randomUUID(), "redirectUris", List.of(redirectUri)));

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void perchApiMayUseNoGrant() {
        var secret = admin.secretOf("perch-api");
        var user = admin.createUser();

        assertThat(realm.clientCredentials("perch-api", secret, "openid")).satisfies(GrantsIT::isRefused);
        assertThat(passwordGrant(admin.client("perch-api"), user)).satisfies(GrantsIT::isRefused);
        assertThat(device("perch-api", secret)).satisfies(GrantsIT::isRefused);
        var request = realm.authorizationRequest(Pkce.random());
        request.put("client_id", "perch-api");
        assertThat(new Browser().get(realm.authorizationEndpoint(request)).status())
                .isGreaterThanOrEqualTo(400);
    }

    @Test
    void perchServiceGetsATokenWithoutUserRoles() {
        var token = Token.access(realm.clientCredentials("perch-service", admin.secretOf("perch-service"), "metrics"));

        assertThat(token.audience()).containsExactly("perch-api");
        assertThat(token.claim("client_id")).isEqualTo("perch-service");
        assertThat(token.claim("scope").split(" ", -1)).contains("metrics");
        assertThat(token.realmRoles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "perch-service", "${PERCH_SERVICE_CLIENT_SECRET}"})
    void guessedSecretsOfPerchServiceAreRefused(String secret) {
        assertThat(realm.clientCredentials("perch-service", secret, "metrics")).satisfies(GrantsIT::isRefused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics", "offline_access"})
    void aClientOfUsersDoesNotGetTheScope(String scope) {
        var user = admin.createUser();

        var answer = realm.token(Map.of(
                "grant_type",
                "password",
                "client_id",
                "perch-cli",
                "username",
                user.username(),
                "password",
                user.password(),
                "scope",
                scope));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field("error")).isEqualTo("invalid_scope");
    }

    @Test
    void onlyPerchCliMayUseTheDeviceFlow() {
        assertThat(device("perch-cli", "").field("device_code")).isNotBlank();
        assertThat(device("perch-web", "")).satisfies(GrantsIT::isRefused);
        assertThat(device("perch-service", admin.secretOf("perch-service"))).satisfies(GrantsIT::isRefused);
    }

    private Answer device(String clientId, String secret) {
        return realm.post(
                "/protocol/openid-connect/auth/device", Map.of("client_id", clientId, "client_secret", secret));
    }

    private Answer passwordGrant(JsonNode client, TestUser user) {
        return realm.token(Map.of(
                "grant_type", "password",
                "client_id", clientId(client),
                "client_secret", client.path("secret").asString(""),
                "username", user.username(),
                "password", user.password()));
    }

    private static String clientId(JsonNode client) {
        return client.path("clientId").asString("");
    }

    private static void isRefused(Answer answer) {
        assertThat(answer.status()).isIn(400, 401);
        assertThat(answer.field("error"))
                .isIn("unauthorized_client", "invalid_client", "invalid_grant", "invalid_request");
        assertThat(answer.field("access_token")).isEmpty();
    }
}
