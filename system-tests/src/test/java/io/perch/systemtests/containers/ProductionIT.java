package io.perch.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The additions of {@code docker-compose.prod.yml}: TLS, secure cookies and the addresses of clients. */
@Tag("containers")
@PerchSystemTest
class ProductionIT {

    private static final String MADE_UP_ADDRESS = "203.0.113.9";

    private final PerchSystem system;
    private final Http http = new Http();
    private final Compose compose = Compose.underTest();

    @AutoClose
    private final KeycloakAdmin admin;

    ProductionIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    @BeforeEach
    void needsTls() {
        assumeTrue(system.keycloak().getScheme().equals("https"), "the system under test has no TLS");
    }

    @Test
    void everyHostRedirectsToTlsAndSendsHsts() {
        for (URI host : List.of(system.keycloak(), system.api(), system.console())) {
            Answer plain = http.get(URI.create("http://" + host.getHost() + "/"), Map.of());
            assertThat(plain.status()).as(host.getHost()).isEqualTo(308);
            assertThat(plain.location()).isEqualTo(URI.create("https://" + host.getHost() + "/"));

            Answer secure = http.get(URI.create(host + "/"), Map.of());
            assertThat(secure.headers("Strict-Transport-Security"))
                    .as(host.getHost())
                    .containsExactly("max-age=31536000; includeSubDomains");
            assertThat(secure.header("Server")).isEmpty();
            assertThat(secure.header("Alt-Svc")).isEmpty();
        }
    }

    @Test
    void theIssuerIsTheAddressThatClientsUse() {
        JsonNode discovery = http.get(
                        URI.create(system.keycloak() + "/realms/perch/.well-known/openid-configuration"), Map.of())
                .json();

        assertThat(discovery.path("issuer").asString()).isEqualTo(system.keycloak() + "/realms/perch");
        assertThat(discovery.path("token_endpoint").asString()).startsWith(system.keycloak() + "/realms/perch/");
    }

    @Test
    void theConsolesCookiesAreSecureAndHaveTheHostPrefix() {
        Answer start = http.get(URI.create(system.console() + "/signin"), Map.of());

        assertThat(start.header("Location").orElse("")).startsWith(system.keycloak() + "/realms/perch/");
        assertThat(start.headers("Set-Cookie")).isNotEmpty().allSatisfy(cookie -> assertThat(cookie)
                .startsWith("__Host-")
                .contains("Secure", "HttpOnly", "Path=/"));
    }

    @Test
    void anEventHasTheAddressOfTheConnectionAndNotAForgedOne() {
        TestUser user = admin.createUser();
        Answer token = http.post(
                URI.create(system.keycloak() + "/realms/perch/protocol/openid-connect/token"),
                Map.of("X-Forwarded-For", MADE_UP_ADDRESS, "Forwarded", "for=" + MADE_UP_ADDRESS),
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "perch-cli",
                        "username",
                        user.username(),
                        "password",
                        user.password()));
        assertThat(token.status()).as(token.body()).isEqualTo(200);

        assertThat(Stream.of(admin.get("/events?type=LOGIN&user=" + user.id()))
                        .flatMap(JsonNode::valueStream)
                        .map(event -> event.path("ipAddress").asString()))
                .hasSize(1)
                .noneMatch(MADE_UP_ADDRESS::equals)
                // Otherwise all users would have the address of the proxy
                .noneMatch(System.getenv().getOrDefault("PROXY_ADDRESS", "172.30.255.2")::equals);
    }

    @Test
    void tokensAndTasksWorkThroughTheProxy() {
        PerchApi api = PerchApi.as(system, admin.createUser());

        JsonNode task = api.awaitFinal(api.submit("perch_demo", "any-password"));

        assertThat(task.path("status").asString()).isEqualTo("success");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "resource-server", "web-console"})
    void aServerLogsOneJsonObjectPerLine(String service) {
        var json = new JsonMapper();

        assertThat(compose.log(service).lines().map(json::readTree).map(line -> line.path("@timestamp")))
                .isNotEmpty()
                .allMatch(JsonNode::isString);
    }

    @Test
    void metricsHealthAndForeignHostsAreNotServed() {
        for (String path : List.of("/metrics", "/health", "/health/readiness", "/health/liveness")) {
            assertThat(http.get(URI.create(system.api() + path), Map.of()).status())
                    .as(path)
                    .isEqualTo(404);
        }
        // Keycloak's management port is not published
        assertThat(http.get(URI.create(system.keycloak() + "/health"), Map.of()).status())
                .isEqualTo(404);
        assertThat(http.get(URI.create(system.keycloak() + "/metrics"), Map.of())
                        .status())
                .isEqualTo(404);
    }
}
