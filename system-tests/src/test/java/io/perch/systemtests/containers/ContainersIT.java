package io.perch.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.AuthApi;
import io.perch.systemtests.client.Mailbox;
import io.perch.systemtests.client.PerchApi;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Registration with a code by e-mail, sign-in, a task until its end, sign-out and refused tokens. Restarts lose no
 * data.
 */
@Tag("containers")
@PerchSystemTest
class ContainersIT {

    private static final String PASSWORD = "correct horse battery";

    /** An instance refuses the tokens of an ended session after this time at the latest. */
    private static final Duration REFUSAL = Duration.ofSeconds(5);

    private final PerchSystem system;
    private final AuthApi auth;
    private final Compose compose = Compose.underTest();
    private final String email = "containers-" + UUID.randomUUID() + "@perch.example";

    ContainersIT(PerchSystem system) {
        this.system = system;
        this.auth = new AuthApi(system);
    }

    @Test
    void aUserRegistersSignsInSubmitsALoginAndSignsOut() {
        register();
        Answer tokens = signIn();
        PerchApi api = PerchApi.withToken(system, tokens.field("access_token"));

        String task = api.submit("perch_demo", "any-password");
        assertThat(api.awaitFinal(task).path("status").asString()).isEqualTo("success");

        assertThat(auth.post("/logout", Map.of("refresh_token", tokens.field("refresh_token")))
                        .status())
                .isEqualTo(204);
        await().atMost(REFUSAL)
                .untilAsserted(
                        () -> assertThat(api.get("/tasks/" + task).status()).isEqualTo(401));
        assertThat(auth.post("/refresh", Map.of("refresh_token", tokens.field("refresh_token")))
                        .status())
                .isIn(400, 401);
    }

    /** With write access it could publish an event that deletes a user's data. */
    @Test
    void theResourceServerMayNotPublishUserEvents() {
        String password = System.getenv("KAFKA_RESOURCE_SERVER_PASSWORD");
        assertThat(password).as("KAFKA_RESOURCE_SERVER_PASSWORD").isNotEmpty();

        String output = compose.execute(
                "kafka",
                "{}\n",
                "/opt/kafka/bin/kafka-console-producer.sh",
                "--bootstrap-server",
                "kafka:9092",
                "--topic",
                "user-events",
                "--command-property",
                "security.protocol=SASL_PLAINTEXT",
                "--command-property",
                "sasl.mechanism=PLAIN",
                "--command-property",
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"resource-server\" password=\"" + password + "\";");

        assertThat(output).contains("TopicAuthorizationException");
    }

    @Test
    void restartsOfAllContainersLoseNoData() {
        register();
        String task = PerchApi.withToken(system, signIn().field("access_token")).submit("perch_demo", "any-password");
        PerchApi.withToken(system, signIn().field("access_token")).awaitFinal(task);
        assertThat(compose.services())
                .contains(
                        "kafka",
                        "keycloak",
                        "mailpit",
                        "mongodb",
                        "postgres",
                        "redis",
                        "resource-server",
                        "web-console");

        for (String service : compose.services()) {
            compose.restart(service);
            // Services that use the restarted one may need some time to reconnect
            await(service).atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                PerchApi api = PerchApi.withToken(system, signIn().field("access_token"));
                assertThat(api.get("/tasks/" + task).json().path("status").asString())
                        .isEqualTo("success");
                assertThat(api.awaitFinal(api.submit("perch_demo", "any-password"))
                                .path("status")
                                .asString())
                        .isEqualTo("success");
            });
        }
        new KeptUser(email, PASSWORD, task).keep();
    }

    private void register() {
        Answer registered = auth.post("/register", Map.of("email", email, "password", PASSWORD));
        assertThat(registered.status()).as(registered.body()).isEqualTo(201);
        Answer verified = auth.post(
                "/verify-email",
                Map.of(
                        "email",
                        email,
                        "code",
                        Mailbox.of(system, email).awaitCode(1),
                        "registration_token",
                        registered.field("registration_token")));
        assertThat(verified.status()).as(verified.body()).isEqualTo(200);
    }

    private Answer signIn() {
        Answer tokens = auth.post("/login", Map.of("email", email, "password", PASSWORD));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        return tokens;
    }
}
