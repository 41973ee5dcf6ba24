package io.perch.keycloak.notice;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MetricsIT;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keycloak.admin.client.Keycloak;

/** A notice must not be lost when a server stops. */
class NoticesOutliveARestartIT {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path database;

    @Test
    void aNoticeThatCouldNotBeSentIsSentAfterARestart() throws Exception {
        NoticeRealm realm;
        try (KeycloakProcess keycloak = start();
                Keycloak admin = keycloak.admin()) {
            realm = new NoticeRealm(keycloak.address(), admin, "perch");
            realm.addUser("ada", "Ada");
            String token = realm.signIn("ada", "Wget/1.21.3");
            realm.stopMailServer();
            assertEquals(
                    204,
                    realm.call(
                            "POST",
                            "auth-api/v1/me/password",
                            token,
                            "{\"current_password\": \"" + NoticeRealm.PASSWORD
                                    + "\", \"new_password\": \"another horse battery\"}"));
        }
        realm.startMailServer();
        KeycloakProcess restarted = start();
        try {
            realm.mailAfterRestart("ada@perch.example", "Your way to sign in was changed");
            await().untilAsserted(() -> assertEquals(
                    1, MetricsIT.value(restarted.metrics(), "perch_mails_sent_total{feature=\"account-notices\"}")));
        } finally {
            restarted.close();
            realm.stopMailServer();
        }
    }

    private KeycloakProcess start() {
        return KeycloakProcess.start(
                Map.of(),
                List.of(
                        "--db=dev-file",
                        "--db-url=jdbc:h2:file:" + database.resolve("keycloak") + ";NON_KEYWORDS=VALUE"));
    }
}
