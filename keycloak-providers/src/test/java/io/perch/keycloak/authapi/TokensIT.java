package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class TokensIT extends AuthApiInAServer {

    @Test
    void aRefreshTokenWorksOnceAndASecondUseEndsWhatCameOfIt() {
        realm.user("alice");
        Answer first = api.login("alice", AuthApiRealm.PASSWORD);
        Answer second = api.refresh(first.text("refresh_token"));
        assertEquals(200, second.status());
        assertNotEquals(first.text("refresh_token"), second.text("refresh_token"));
        assertEquals("no-store", second.header("cache-control"));
        Answer reused = api.refresh(first.text("refresh_token"));
        assertEquals(400, reused.status());
        assertEquals("invalid_grant", reused.error());
        assertEquals(400, api.refresh(second.text("refresh_token")).status());
        assertEquals("invalid_token", realm.events("REFRESH_TOKEN_ERROR").get(0).getError());
        assertEquals(1, realm.events("REFRESH_TOKEN").size());
    }

    @Test
    void anotherClientsRefreshTokenIsRefused() {
        realm.user("alice");
        String token = api.login("alice", AuthApiRealm.PASSWORD).text("refresh_token");
        Answer answer = api.post(
                "/refresh",
                "{\"refresh_token\":\"%s\",\"client_id\":\"confidential\",\"client_secret\":\"%s\"}"
                        .formatted(token, AuthApiRealm.SECRET));
        assertEquals("invalid_grant", answer.error());
    }

    @Test
    void anotherClientEndsNoSession() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        Answer answer = api.post(
                "/logout",
                "{\"refresh_token\":\"%s\",\"client_id\":\"confidential\",\"client_secret\":\"%s\"}"
                        .formatted(tokens.text("refresh_token"), AuthApiRealm.SECRET));
        assertEquals(400, answer.status());
        assertEquals(200, api.get("/me", AuthApi.bearer(tokens)).status());
        assertEquals(200, api.refresh(tokens.text("refresh_token")).status());
    }

    @Test
    void anAddressThatTheClientMadeUpIsNotInTheEvent() {
        realm.user("alice");
        api.post(
                "/login",
                "{\"username\":\"alice\",\"password\":\"correct horse battery\"}",
                "X-Forwarded-For",
                "203.0.113.7",
                "X-Real-IP",
                "203.0.113.7");
        assertEquals("127.0.0.1", realm.events("LOGIN").get(0).getIpAddress());
    }

    @Test
    void whatIsNoRefreshTokenIsRefused() {
        realm.user("alice");
        String accessToken = api.login("alice", AuthApiRealm.PASSWORD).text("access_token");
        assertEquals("invalid_grant", api.refresh("nonsense").error());
        assertEquals("invalid_grant", api.refresh(accessToken).error());
    }

    @Test
    void logoutEndsTheSession() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        String body = "{\"refresh_token\":\"" + tokens.text("refresh_token") + "\"}";
        assertEquals(204, api.post("/logout", body).status());
        assertEquals(400, api.post("/refresh", body).status());
        assertEquals(401, api.get("/me", AuthApi.bearer(tokens)).status());
        assertEquals(1, realm.events("LOGOUT").size());
    }

    @Test
    void logoutByAnAccessTokenEndsItsSessionAndNoOther() {
        realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        Answer elsewhere = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(204, api.post("/logout", "{}", AuthApi.bearer(tokens)).status());
        assertEquals(401, api.get("/me", AuthApi.bearer(tokens)).status());
        assertEquals(400, api.refresh(tokens.text("refresh_token")).status());
        assertEquals(200, api.get("/me", AuthApi.bearer(elsewhere)).status());
        assertEquals(1, realm.events("LOGOUT").size());
        assertEquals(
                "unauthorized",
                api.post("/logout", "{}", AuthApi.bearer(tokens)).error());
    }

    @Test
    void logoutWithoutATokenIsAProblem() {
        assertEquals(
                "invalid_grant",
                api.post("/logout", "{\"refresh_token\":\"nonsense\"}").error());
        assertEquals("invalid_request", api.post("/logout", "{}").error());
    }

    @Test
    void aProofBindsTheTokensToItsKey() {
        realm.user("alice");
        DpopKey key = new DpopKey();
        String login = "{\"username\":\"alice\",\"password\":\"correct horse battery\"}";
        Answer tokens = api.post("/login", login, "DPoP", key.proof("POST", api.address("/login")));
        assertEquals("DPoP", tokens.text("token_type"));
        String accessToken = tokens.text("access_token");
        assertEquals(
                401, api.get("/me", "Authorization", "Bearer " + accessToken).status());
        assertEquals(
                200,
                api.get(
                                "/me",
                                "Authorization",
                                "DPoP " + accessToken,
                                "DPoP",
                                key.proof("GET", api.address("/me"), accessToken))
                        .status());
        assertEquals(
                401,
                api.get(
                                "/me",
                                "Authorization",
                                "DPoP " + accessToken,
                                "DPoP",
                                new DpopKey().proof("GET", api.address("/me"), accessToken))
                        .status());
        String refresh = "{\"refresh_token\":\"" + tokens.text("refresh_token") + "\"}";
        assertEquals(400, api.post("/refresh", refresh).status());
        assertEquals(
                "DPoP",
                api.post("/refresh", refresh, "DPoP", key.proof("POST", api.address("/refresh")))
                        .text("token_type"));
    }

    @Test
    void aProofForAnotherAddressIsRefused() {
        realm.user("alice");
        Answer answer = api.post(
                "/login",
                "{\"username\":\"alice\",\"password\":\"correct horse battery\"}",
                "DPoP",
                new DpopKey().proof("POST", api.address("/refresh")));
        assertEquals(400, answer.status());
    }

    @Test
    void aProofWorksOnce() {
        realm.user("alice");
        String login = "{\"username\":\"alice\",\"password\":\"correct horse battery\"}";
        String proof = new DpopKey().proof("POST", api.address("/login"));
        assertEquals(200, api.post("/login", login, "DPoP", proof).status());
        assertEquals(400, api.post("/login", login, "DPoP", proof).status());
    }
}
