package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class OwnEmailValidatorIT {

    @InjectAdminClient
    Keycloak admin;

    private RealmResource realm;

    @BeforeEach
    void createRealm() {
        RealmRepresentation settings = new RealmRepresentation();
        settings.setRealm("names-" + UUID.randomUUID());
        settings.setEnabled(true);
        settings.setEditUsernameAllowed(true);
        admin.realms().create(settings);
        realm = admin.realm(settings.getRealm());
    }

    @AfterEach
    void deleteRealm() {
        realm.remove();
    }

    @Test
    void aNameIsNoAddressOrTheUsersOwn() {
        checkNames();
        for (String name : new String[] {"ada", "Ada@perch.example"}) {
            try (Response response = create(name, "ada@perch.example")) {
                assertEquals(201, response.getStatus(), name);
                realm.users().delete(CreatedResponseUtil.getCreatedId(response)).close();
            }
        }
        // U+0131 and i are one letter for those who compare without regard to case, and two domains
        for (String name : new String[] {"eve@perch.example", "ada@perch.example.org", "ada@d\u0131ng.example"}) {
            String email = name.contains("\u0131") ? "ada@ding.example" : "ada@perch.example";
            try (Response response = create(name, email)) {
                String body = response.readEntity(String.class);
                assertEquals(400, response.getStatus(), body);
                assertTrue(body.contains("error-username-other-email"), body);
            }
        }
        try (Response response = create("eve@perch.example", null)) {
            assertEquals(400, response.getStatus());
        }
    }

    @Test
    void aNameThatTheUserHasAlreadyStaysAndOnlyAnotherIsChecked() {
        String id;
        try (Response response = create("old@perch.example", "ada@perch.example")) {
            id = CreatedResponseUtil.getCreatedId(response);
        }
        checkNames();
        UserRepresentation ada = realm.users().get(id).toRepresentation();
        ada.setLastName("Wren");
        realm.users().get(id).update(ada);
        ada.setUsername("eve@perch.example");
        assertThrows(BadRequestException.class, () -> realm.users().get(id).update(ada));
        ada.setUsername("ada@perch.example");
        realm.users().get(id).update(ada);
        // The name stays when the address changes: sign-ins go on working
        ada.setEmail("new@perch.example");
        realm.users().get(id).update(ada);
        assertEquals(
                "ada@perch.example", realm.users().get(id).toRepresentation().getUsername());
    }

    private void checkNames() {
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.getAttribute("username").addValidation(OwnEmailValidator.PROVIDER_ID, Map.of());
        realm.users().userProfile().update(profile);
    }

    private Response create(String name, @Nullable String email) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setEmail(email);
        user.setFirstName("Ada");
        user.setLastName("Perch");
        return realm.users().create(user);
    }
}
