package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.PackagedProviders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class UsersIT extends AuthApiInAServer {

    @Test
    void anAdministratorFindsUsersPageByPage() {
        realm.makeAdmin(realm.user("ada"));
        List.of("alice", "albert", "bob").forEach(realm::user);
        String[] ada = signIn("ada");
        Answer all = api.get("/users", ada);
        assertEquals(200, all.status());
        assertEquals(4, all.json().path("total").asInt());
        assertEquals(4, all.json().path("users").size());
        assertFalse(all.body().contains("password"));
        Answer page = api.get("/users?search=al&first=1&max=1", ada);
        assertEquals(2, page.json().path("total").asInt());
        assertEquals(1, page.json().path("users").size());
        assertEquals("alice", page.json().at("/users/0/username").asText());
    }

    @Test
    void invalidNumbersAreRefused() {
        realm.makeAdmin(realm.user("ada"));
        Answer answer = api.get("/users?first=-1&max=x&search=" + "a".repeat(256), signIn("ada"));
        assertEquals(400, answer.status());
        assertEquals(List.of("?first", "?max", "?search"), answer.pointers());
        assertEquals(List.of("?max"), api.get("/users?max=101", signIn("ada")).pointers());
    }

    @Test
    void onlyAnAdministratorFindsUsers() {
        realm.user("alice");
        assertEquals(403, api.get("/users", signIn("alice")).status());
        assertEquals(401, api.get("/users").status());
    }

    @Test
    void aRoleCountsFromTheNextRefreshOn() {
        String id = realm.user("alice");
        Answer tokens = api.login("alice", AuthApiRealm.PASSWORD);
        realm.makeAdmin(id);
        assertEquals(403, api.get("/users", AuthApi.bearer(tokens)).status());
        assertEquals(
                200,
                api.get("/users", AuthApi.bearer(api.refresh(tokens.text("refresh_token"))))
                        .status());
    }

    private String[] signIn(String name) {
        return AuthApi.bearer(api.login(name, AuthApiRealm.PASSWORD));
    }
}
