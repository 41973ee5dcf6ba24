package io.perch.systemtests.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
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

    private static final Map<String, String> FIXED_ADDRESSES = Map.of(
            "PROXY_ADDRESS", "172.30.255.2",
            "API_ADDRESS", "172.30.255.3",
            "CONSOLE_ADDRESS", "172.30.255.4");

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

        assertThat(addressesOfSignIns(user)).hasSize(1).allSatisfy(ProductionIT::assertIsOfTheClient);
    }

    /** Otherwise all clients of the old routes would share one budget. */
    @Test
    void aSignInByAnOldRouteHasTheAddressOfItsClient() {
        TestUser user = admin.createUser();
        Answer tokens = http.json(
                "POST",
                URI.create(system.api() + "/login"),
                Map.of("X-Forwarded-For", MADE_UP_ADDRESS),
                "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user.username(), user.password()));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);

        assertThat(addressesOfSignIns(user)).hasSize(1).allSatisfy(ProductionIT::assertIsOfTheClient);
    }

    /** The console calls the resource server for the browser. */
    @Test
    void theAuditLogHasTheAddressOfABrowserThatUsesTheConsole() {
        TestUser user = admin.createUser();
        Browser browser = new Browser();
        Answer signedIn = browser.signIn(browser.open(URI.create(system.console() + "/signin?to=/logins")), user);
        browser.open(signedIn.location());
        String token = browser.get(URI.create(system.console() + "/bff/me"))
                .json()
                .path("csrf")
                .asString();
        Answer accepted = browser.json(
                "POST",
                URI.create(system.console() + "/api/twitter-login"),
                Map.of("X-CSRF-TOKEN", token, "Sec-Fetch-Site", "same-origin", "X-Forwarded-For", MADE_UP_ADDRESS),
                "{\"username\":\"perch_demo\",\"password\":\"any-password\",\"phone_number\":\"+14155552671\"}");
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);

        TestUser administrator = admin.createUser();
        admin.grant(administrator, "admin");
        PerchApi api = PerchApi.as(system, administrator);
        await().untilAsserted(
                        () -> assertThat(Stream.of(api.get("/admin/audit?action=task.submitted&user_id=" + user.id())
                                                .json()
                                                .path("items"))
                                        .flatMap(JsonNode::valueStream)
                                        .map(line -> line.path("ip_address").asString()))
                                .hasSize(1)
                                .allSatisfy(ProductionIT::assertIsOfTheClient));
    }

    private Stream<String> addressesOfSignIns(TestUser user) {
        return Stream.of(admin.get("/events?type=LOGIN&user=" + user.id()))
                .flatMap(JsonNode::valueStream)
                .map(event -> event.path("ipAddress").asString());
    }

    /** It is neither what the client claims, nor the address of the proxy or of a server of Perch. */
    private static void assertIsOfTheClient(String address) {
        assertThat(address).matches("[0-9a-f.:]+").isNotEqualTo(MADE_UP_ADDRESS);
        FIXED_ADDRESSES.forEach((variable, standard) ->
                assertThat(address).as(variable).isNotEqualTo(System.getenv().getOrDefault(variable, standard)));
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
