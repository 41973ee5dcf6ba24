package io.perch.keycloak.emailcode;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.MetricsIT;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;

/** The metrics of codes and their mails. */
class CodeMetricsIT {

    private static final String NEW_PASSWORD = "another horse battery";

    @Test
    void codesAndMailsAreCounted() throws Exception {
        try (KeycloakProcess keycloak = KeycloakProcess.start(
                        Map.of(),
                        List.of(
                                "--db=dev-mem",
                                "--spi-email-code--default--retries=1",
                                "--spi-email-code--default--retry-delay=8"));
                Keycloak admin = keycloak.admin();
                CodesRealm realm = new CodesRealm(admin)) {
            realm.createUser("ada", true);
            realm.createUser("mona", true);
            CodesApi api = new CodesApi(keycloak.address(), realm);

            request(api, "ada");
            String code = realm.codeOfMail(1);
            awaitValue(keycloak, "perch_email_codes_sent_total{purpose=\"reset_password\"}", 1);
            awaitValue(keycloak, "perch_mails_sent_total{feature=\"email-code\"}", 1);
            request(api, "ada");
            awaitValue(keycloak, "perch_email_codes_refused_total{purpose=\"reset_password\",reason=\"cooldown\"}", 1);

            assertEquals(400, reset(api, "ada", code.equals("123456") ? "123457" : "123456"));
            assertEquals(204, reset(api, "ada", code));
            assertEquals(400, reset(api, "ada", code));
            awaitValue(keycloak, "perch_email_codes_entered_total{purpose=\"reset_password\",result=\"wrong\"}", 1);
            awaitValue(keycloak, "perch_email_codes_entered_total{purpose=\"reset_password\",result=\"accepted\"}", 1);
            awaitValue(keycloak, "perch_email_codes_entered_total{purpose=\"reset_password\",result=\"void\"}", 1);

            realm.stopMailServer();
            request(api, "mona");
            awaitValue(keycloak, "perch_mails_failed_total{feature=\"email-code\",outcome=\"retried\"}", 1);
            awaitValue(keycloak, "perch_mails_waiting{feature=\"email-code\"}", 1);
            awaitValue(keycloak, "perch_mails_failed_total{feature=\"email-code\",outcome=\"given_up\"}", 1);
            awaitValue(keycloak, "perch_mails_waiting{feature=\"email-code\"}", 0);

            String metrics = keycloak.metrics();
            assertEquals(1, MetricsIT.value(metrics, "perch_email_codes_sent_total{purpose=\"reset_password\"}"));
            assertFalse(metrics.contains("perch.example"), "no metric names a mailbox");
            assertFalse(metrics.contains(realm.name), "no metric names a realm");
        }
    }

    private static void request(CodesApi api, String username) throws Exception {
        assertEquals(202, api.post("forgot-password", "email", username + "@perch.example"));
    }

    private static int reset(CodesApi api, String username, String code) throws Exception {
        return api.post(
                "reset-password", "email", username + "@perch.example", "code", code, "new_password", NEW_PASSWORD);
    }

    private static void awaitValue(KeycloakProcess keycloak, String sample, double value) {
        await(sample)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertEquals(value, MetricsIT.value(keycloak.metrics(), sample)));
    }
}
