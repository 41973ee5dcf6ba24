package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.Pkce;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ways in which Keycloak stops accepting an access token, if they can be tried in the realm of the running system.
 * What is created in the realm is not deleted, because the last way deletes the realm.
 */
final class TokenEnds {

    private static final String REDIRECT_URI = "http://localhost/token-ends";
    private static final String NEW_PASSWORD = "correct horse battery";
    private static final String RENAMED = "perch-renamed";
    private static final Pkce PKCE = Pkce.random();
    private static final JsonMapper JSON = new JsonMapper();

    private final Http http = new Http();
    private final PerchRealm realm;
    private final KeycloakAdmin admin;
    private final URI adminRealms;
    private final String client;
    private final String otherClient;
    private final String limitedClient;

    TokenEnds(PerchSystem system) {
        realm = new PerchRealm(system);
        admin = new KeycloakAdmin(system);
        adminRealms = URI.create(system.keycloak() + "/admin/realms/");
        client = createClient(Map.of());
        otherClient = createClient(Map.of());
        limitedClient = createClient(Map.of("direct_grant", createFlowWithOneSessionForEachUser()));
    }

    /** Keycloak's own endpoint that accepts an access token only while its session exists. */
    URI userinfo() {
        return realm.endpoint("/protocol/openid-connect/userinfo");
    }

    /** In the order of the table in {@code docs/user-events.md}. */
    List<TokenEnd> all() {
        return List.of(
                TokenEnd.of("sign-out", this::signIn, this::signOut),
                TokenEnd.of(
                        "session limit of a flow",
                        () -> signIn(admin.createUser(), limitedClient, "openid"),
                        first -> signIn(first.user(), limitedClient, "openid")),
                TokenEnd.of("password changed, other sessions ended", this::signIn, this::changePassword),
                TokenEnd.of("session ended by an administrator", this::signIn, it -> endSession(it, false)),
                TokenEnd.of(
                        "offline session ended by an administrator", this::signInOffline, it -> endSession(it, true)),
                TokenEnd.of(
                        "impersonation, of the administrator's session",
                        this::signInAsAdministrator,
                        this::impersonate),
                TokenEnd.of("another sign-in in the same browser", this::signInByBrowser, this::signInAnotherUser),
                TokenEnd.of("refresh token revoked (RFC 7009)", this::signIn, it -> revoke(it, it.refreshToken())),
                TokenEnd.of(
                        "refresh token revoked, one of two clients",
                        this::signInToTwoClients,
                        it -> revoke(it, it.refreshToken())),
                TokenEnd.of(
                        "offline token revoked (RFC 7009)", this::signInOffline, it -> revoke(it, it.refreshToken())),
                TokenEnd.of(
                        "refresh token used twice",
                        this::signInAndRefresh,
                        it -> realm.refresh(it.client(), it.spent())),
                TokenEnd.of("authorization code used twice", this::signInByBrowser, this::redeemAgain),
                TokenEnd.of("access token revoked (RFC 7009)", this::signIn, it -> revoke(it, it.accessToken())),
                TokenEnd.of("consent withdrawn by the user", this::signInWithConsent, it -> consent(it, "DELETE", "")),
                TokenEnd.of(
                        "consent withdrawn by an administrator",
                        this::signInWithConsent,
                        it -> admin("DELETE", "/users/" + it.user().id() + "/consents/" + it.client(), "")),
                TokenEnd.of("all sessions of a user ended", this::signIn, it -> admin.logout(it.user())),
                TokenEnd.of(
                        "user disabled",
                        this::signIn,
                        it -> change("/users/" + it.user().id(), "enabled", false)),
                TokenEnd.of("user overwritten by a partial import", this::signIn, this::overwrite)
                        .acceptedByUserinfo(),
                TokenEnd.of("user deleted", this::signIn, it -> admin.delete(it.user())),
                TokenEnd.of(
                        "not-before of a client",
                        this::signInToNewClient,
                        it -> change(clientPath(it.client()), "notBefore", nextSecond())),
                TokenEnd.of(
                        "client disabled",
                        this::signInToNewClient,
                        it -> change(clientPath(it.client()), "enabled", false)),
                TokenEnd.of(
                        "client deleted", this::signInToNewClient, it -> admin("DELETE", clientPath(it.client()), "")),
                TokenEnd.of(
                        "client gets another id",
                        this::signInToNewClient,
                        it -> change(clientPath(it.client()), "clientId", "renamed-" + UUID.randomUUID())),
                TokenEnd.of("not-before of the realm", this::signIn, it -> change("", "notBefore", nextSecond()))
                        .restoredBy(TokenEnds::awaitNextSecond),
                TokenEnd.of(
                                "all sessions of the realm ended",
                                this::signInAndAwaitNextSecond,
                                it -> admin("POST", "/logout-all", ""))
                        .restoredBy(TokenEnds::awaitNextSecond),
                TokenEnd.of("realm disabled", this::signIn, it -> change("", "enabled", false))
                        .acceptedByUserinfo()
                        .restoredBy(() -> {
                            change("", "enabled", true);
                            awaitNextSecond();
                        }),
                TokenEnd.of("realm gets another name", this::signIn, it -> change("", "realm", RENAMED))
                        .restoredBy(() -> {
                            adminAt(adminRealms.resolve(RENAMED), "PUT", "{\"realm\":\"perch\"}");
                            awaitNextSecond();
                        }),
                TokenEnd.of("realm deleted", this::signIn, it -> admin("DELETE", "", ""))
                        .once());
    }

    private SignedIn signIn() {
        return signIn(admin.createUser(), client, "openid");
    }

    private SignedIn signInToNewClient() {
        return signIn(admin.createUser(), createClient(Map.of()), "openid");
    }

    private SignedIn signInOffline() {
        return signIn(admin.createUser(), client, "openid offline_access");
    }

    private SignedIn signInAndAwaitNextSecond() {
        SignedIn session = signIn();
        awaitNextSecond();
        return session;
    }

    private SignedIn signIn(TestUser user, String clientId, String scope) {
        Answer tokens = realm.token(Map.of(
                "grant_type",
                "password",
                "client_id",
                clientId,
                "username",
                user.username(),
                "password",
                user.password(),
                "scope",
                scope));
        return signedIn(user, clientId, tokens, "", new Browser());
    }

    /** The second client's tokens belong to the same session, as with single sign-on. */
    private SignedIn signInToTwoClients() {
        SignedIn first = signInByBrowser();
        assertThat(authorize(first.browser(), otherClient).redirectParameters()).containsKey("code");
        return first;
    }

    private SignedIn signInByBrowser() {
        TestUser user = admin.createUser();
        Browser browser = new Browser();
        Answer back = browser.signIn(authorize(browser, client), user);
        String code = back.redirectParameters().getOrDefault("code", "");
        return signedIn(user, client, redeem(client, code), code, browser);
    }

    private SignedIn signInAndRefresh() {
        SignedIn first = signIn();
        // Keycloak detects a reused refresh token by the second of its issue
        awaitNextSecond();
        return signedIn(
                first.user(),
                first.client(),
                realm.refresh(first.client(), first.refreshToken()),
                first.refreshToken(),
                first.browser());
    }

    private SignedIn signInWithConsent() {
        SignedIn session = signIn();
        consent(session, "POST", "{\"grantedScopes\":[]}");
        return session;
    }

    private SignedIn signInAsAdministrator() {
        TestUser user = admin.createUser();
        String management = admin.client("realm-management").path("id").asString();
        JsonNode role = admin.get("/clients/" + management + "/roles/realm-admin");
        admin("POST", "/users/" + user.id() + "/role-mappings/clients/" + management, "[" + role + "]");
        return signIn(user, client, "openid");
    }

    private void signOut(SignedIn session) {
        realm.post(
                "/protocol/openid-connect/logout",
                Map.of("client_id", session.client(), "refresh_token", session.refreshToken()));
    }

    private void changePassword(SignedIn session) {
        SignedIn own = signIn(session.user(), client, "openid");
        Answer answer = http.json(
                "POST",
                realm.endpoint("/auth-api/v1/me/password"),
                bearer(own.accessToken()),
                JSON.writeValueAsString(
                        Map.of("current_password", session.user().password(), "new_password", NEW_PASSWORD)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    }

    private void endSession(SignedIn session, boolean offline) {
        admin("DELETE", "/sessions/" + Token.read(session.accessToken()).claim("sid") + "?isOffline=" + offline, "");
    }

    private void impersonate(SignedIn administrator) {
        Answer answer = http.json(
                "POST",
                adminRealms.resolve("perch/users/" + admin.createUser().id() + "/impersonation"),
                bearer(administrator.accessToken()),
                "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** Another user signs in on a page that was opened before the browser had a session. */
    private void signInAnotherUser(SignedIn session) {
        Browser browser = session.browser();
        browser.removeCookie("AUTH_SESSION_ID");
        String identity = browser.removeCookie("KEYCLOAK_IDENTITY");
        Answer page = authorize(browser, client);
        browser.setCookie("KEYCLOAK_IDENTITY", identity);
        assertThat(browser.signIn(page, admin.createUser()).redirectParameters())
                .containsKey("code");
    }

    private void redeemAgain(SignedIn session) {
        assertThat(redeem(session.client(), session.spent()).status()).isEqualTo(400);
    }

    private void revoke(SignedIn session, String token) {
        Answer answer =
                realm.post("/protocol/openid-connect/revoke", Map.of("client_id", session.client(), "token", token));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private void consent(SignedIn session, String method, String body) {
        var headers = new HashMap<>(bearer(session.accessToken()));
        headers.put("Accept", "application/json");
        Answer answer = http.json(
                method, realm.endpoint("/account/applications/" + session.client() + "/consent"), headers, body);
        assertThat(answer.status()).as(answer.body()).isBetween(200, 204);
    }

    private void overwrite(SignedIn session) {
        TestUser user = session.user();
        admin(
                "POST",
                "/partialImport",
                JSON.writeValueAsString(Map.of(
                        "ifResourceExists",
                        "OVERWRITE",
                        "users",
                        List.of(Map.of(
                                "id", user.id(),
                                "username", user.username(),
                                "enabled", true,
                                "realmRoles", List.of("user", "default-roles-perch"))))));
    }

    private Answer authorize(Browser browser, String clientId) {
        return browser.get(authorization(clientId, Map.of()));
    }

    private URI authorization(String clientId, Map<String, String> more) {
        var parameters = new HashMap<>(more);
        parameters.putAll(Map.of(
                "client_id", clientId,
                "response_type", "code",
                "redirect_uri", REDIRECT_URI,
                "scope", "openid",
                "state", "state",
                "nonce", "nonce",
                "code_challenge", PKCE.challenge(),
                "code_challenge_method", "S256"));
        return realm.authorizationEndpoint(parameters);
    }

    private Answer redeem(String clientId, String code) {
        return realm.token(Map.of(
                "grant_type", "authorization_code",
                "client_id", clientId,
                "redirect_uri", REDIRECT_URI,
                "code", code,
                "code_verifier", PKCE.verifier()));
    }

    private String createClient(Map<String, String> flows) {
        return TrialClient.create(admin, REDIRECT_URI, flows);
    }

    /** The id of a copy of the direct grant flow that ends the oldest session of a user who has more than one. */
    private String createFlowWithOneSessionForEachUser() {
        String alias = "one session " + UUID.randomUUID();
        String path = "/authentication/flows/" + alias.replace(" ", "%20");
        admin("POST", "/authentication/flows/direct%20grant/copy", "{\"newName\":\"" + alias + "\"}");
        admin("POST", path + "/executions/execution", "{\"provider\":\"user-session-limits\"}");
        JsonNode limit = admin.get(path + "/executions")
                .valueStream()
                .filter(execution -> execution.path("providerId").asString("").equals("user-session-limits"))
                .findFirst()
                .orElseThrow();
        admin(
                "PUT",
                path + "/executions",
                ((ObjectNode) limit).put("requirement", "REQUIRED").toString());
        admin(
                "POST",
                "/authentication/executions/" + limit.path("id").asString() + "/config",
                JSON.writeValueAsString(Map.of(
                        "alias",
                        "one",
                        "config",
                        Map.of(
                                "userRealmLimit", "1",
                                "userClientLimit", "0",
                                "behavior", "Terminate oldest session"))));
        return admin.get("/authentication/flows")
                .valueStream()
                .filter(flow -> flow.path("alias").asString().equals(alias))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    private SignedIn signedIn(TestUser user, String clientId, Answer tokens, String spent, Browser browser) {
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        return new SignedIn(
                user, clientId, tokens.field("access_token"), tokens.field("refresh_token"), spent, browser);
    }

    private String clientPath(String clientId) {
        return "/clients/" + admin.client(clientId).path("id").asString();
    }

    /** Changes one member of a representation. */
    private void change(String path, String member, Object value) {
        admin("PUT", path, JSON.writeValueAsString(Map.of(member, value)));
    }

    private void admin(String method, String path, String body) {
        adminAt(URI.create(adminRealms + "perch" + path), method, body);
    }

    private void adminAt(URI address, String method, String body) {
        Answer answer = http.json(method, address, bearer(admin.accessToken()), body);
        assertThat(answer.status())
                .as(method + " " + address + ": " + answer.body())
                .isBetween(200, 204);
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static long nextSecond() {
        return System.currentTimeMillis() / 1000 + 1;
    }

    private static void awaitNextSecond() {
        long second = System.currentTimeMillis() / 1000;
        await().until(() -> System.currentTimeMillis() / 1000 > second + 1);
    }
}
