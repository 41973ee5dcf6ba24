package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.KeycloakProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/** Codes survive a restart of the server. */
class RestartIT {

    private static final String NEW_PASSWORD = "another horse battery";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path database;

    @Test
    void aCodeOutlivesARestartUnlessTheHashSecretChanges() throws Exception {
        CodesRealm realm;
        try (KeycloakProcess keycloak = start("one");
                Keycloak admin = keycloak.admin()) {
            realm = new CodesRealm(admin);
            realm.createUser("ada", true);
            realm.createUser("mona", true);
            CodesApi api = new CodesApi(keycloak.address(), realm);
            assertEquals(202, api.post("forgot-password", "email", "ada@perch.example"));
            realm.mail(1);
            assertEquals(202, api.post("forgot-password", "email", "mona@perch.example"));
            realm.mail(2);
        }
        try (KeycloakProcess keycloak = start("one")) {
            assertEquals(204, reset(keycloak, realm, "ada", realm.codeOfMail(1)));
        }
        try (KeycloakProcess keycloak = start("two")) {
            assertEquals(400, reset(keycloak, realm, "mona", realm.codeOfMail(2)));
        }
        realm.stopMailServer();
    }

    private KeycloakProcess start(String hashSecret) {
        return KeycloakProcess.start(
                Map.of("KC_SPI_EMAIL_CODE__DEFAULT__HASH_SECRET", hashSecret),
                List.of(
                        "--db=dev-file",
                        "--db-url=jdbc:h2:file:" + database.resolve("keycloak") + ";NON_KEYWORDS=VALUE"));
    }

    private static int reset(KeycloakProcess keycloak, CodesRealm realm, String username, String code)
            throws Exception {
        return new CodesApi(keycloak.address(), realm)
                .post(
                        "reset-password",
                        "email",
                        username + "@perch.example",
                        "code",
                        code,
                        "new_password",
                        NEW_PASSWORD);
    }
}
