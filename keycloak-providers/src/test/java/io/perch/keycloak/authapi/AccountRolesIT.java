package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.PackagedProviders;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** The roles of Keycloak's account console also control what users can do with their accounts here. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class AccountRolesIT extends AuthApiInAServer {

    private static final String NEW_PASSWORD =
            "{\"current_password\":\"correct horse battery\",\"new_password\":\"another horse battery\"}";

    @Test
    void withTheRoleToViewAUserChangesNothing() {
        realm.leaveAccountRoles(realm.user("alice"), "view-profile");
        String[] alice = signIn("alice");
        assertEquals(200, api.get("/me", alice).status());
        assertEquals(200, api.get("/me/sessions", alice).status());
        assertEquals(
                "forbidden", api.put("/me", "{\"first_name\":\"Alice\"}", alice).error());
        assertEquals("forbidden", api.post("/me/password", NEW_PASSWORD, alice).error());
        assertEquals("forbidden", api.delete("/me/sessions/any", alice).error());
        assertEquals("forbidden", api.delete("/me", alice).error());
    }

    @Test
    void withoutTheRoleToViewAUserSeesNothing() {
        realm.leaveAccountRoles(realm.user("alice"));
        audience("perch-api");
        assertEquals("forbidden", api.get("/me", signIn("alice")).error());
        assertEquals("forbidden", api.get("/me/sessions", signIn("alice")).error());
    }

    @Test
    void aTokenWithFewerRolesThanItsUserIsLimitedToThem() {
        realm.user("alice");
        ClientRepresentation cli = realm.admin().clients().findByClientId("cli").get(0);
        cli.setFullScopeAllowed(false);
        realm.admin().clients().get(cli.getId()).update(cli);
        realm.mapAccountRole(cli.getId(), "view-profile");
        String[] alice = signIn("alice");
        assertEquals(200, api.get("/me", alice).status());
        assertEquals(
                "forbidden", api.put("/me", "{\"first_name\":\"Alice\"}", alice).error());
    }

    @Test
    void forAnotherAudienceTheUsersRolesAreChecked() {
        realm.user("alice");
        realm.leaveAccountRoles(realm.user("bob"), "view-profile");
        audience("perch-api");
        String change = "{\"first_name\":\"Somebody\"}";
        assertEquals(200, api.put("/me", change, signIn("alice")).status());
        assertEquals(200, api.get("/me", signIn("bob")).status());
        assertEquals("forbidden", api.put("/me", change, signIn("bob")).error());
    }

    @Test
    void anAccountIsDeletedIfRealmAndRoleAllowIt() {
        String id = realm.user("alice");
        assertEquals("forbidden", api.delete("/me", signIn("alice")).error());
        realm.allowDeletion(realm.user("bob"));
        assertEquals("forbidden", api.delete("/me", signIn("alice")).error());
        assertEquals(id, api.get("/me", signIn("alice")).text("user_id"));
        assertEquals(204, api.delete("/me", signIn("bob")).status());
    }

    private void audience(String audience) {
        realm.change(settings -> settings.getAttributes().put(Settings.AUDIENCE, audience));
        realm.addAudience("cli", audience);
    }

    private String[] signIn(String name) {
        return AuthApi.bearer(api.login(name, AuthApiRealm.PASSWORD));
    }
}
