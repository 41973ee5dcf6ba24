package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class OriginsIT extends AuthApiInAServer {

    private static final String ALLOWED = "access-control-allow-origin";
    private static final String[] OURS = {"Origin", AuthApiRealm.ORIGIN};
    private static final String[] FOREIGN = {"Origin", "https://evil.example"};

    @Test
    void aPreflightIsAnsweredWithThePathsMethods() {
        Answer answer =
                api.send("OPTIONS", "/me", "", "Origin", AuthApiRealm.ORIGIN, "Access-Control-Request-Method", "PUT");
        assertEquals(204, answer.status());
        assertEquals(AuthApiRealm.ORIGIN, answer.header(ALLOWED));
        assertTrue(answer.header("access-control-allow-methods").contains("PUT"));
        assertTrue(answer.header("access-control-allow-headers").contains("Authorization"));
        assertEquals(404, api.send("OPTIONS", "/nothing", "").status());
    }

    @Test
    void theClientsOriginReadsAnswersAndProblems() {
        realm.user("alice");
        String login = "{\"username\":\"alice\",\"password\":\"%s\"}";
        Answer tokens = api.post("/login", login.formatted(AuthApiRealm.PASSWORD), OURS);
        assertEquals(200, tokens.status());
        assertEquals(AuthApiRealm.ORIGIN, tokens.header(ALLOWED));
        assertEquals(
                AuthApiRealm.ORIGIN,
                api.post("/login", login.formatted("wrong"), OURS).header(ALLOWED));
        String[] me = {AuthApi.bearer(tokens)[0], AuthApi.bearer(tokens)[1], OURS[0], OURS[1]};
        assertEquals(AuthApiRealm.ORIGIN, api.get("/me", me).header(ALLOWED));
        assertEquals(
                AuthApiRealm.ORIGIN,
                api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}", OURS)
                        .header(ALLOWED));
    }

    @Test
    void anotherOriginIsRefusedAndNothingIsChanged() {
        realm.user("alice");
        Answer login = api.post("/login", "{\"username\":\"alice\",\"password\":\"correct horse battery\"}", FOREIGN);
        assertEquals(403, login.status());
        assertEquals("", login.header(ALLOWED));
        assertEquals(
                403,
                api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}", FOREIGN)
                        .status());
        assertEquals(List.of(), realm.admin().users().search("bob", true));
        String[] bearer = AuthApi.bearer(api.login("alice", AuthApiRealm.PASSWORD));
        Answer me = api.delete("/me", bearer[0], bearer[1], FOREIGN[0], FOREIGN[1]);
        assertEquals(403, me.status());
        assertEquals("", me.header(ALLOWED));
        assertEquals(200, api.get("/me", bearer).status());
    }
}
