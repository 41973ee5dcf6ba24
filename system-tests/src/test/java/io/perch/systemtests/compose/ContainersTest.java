package io.perch.systemtests.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.Project;
import io.perch.systemtests.compose.ComposeFile.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each container may do, which ports it publishes, and its health check. */
class ContainersTest {

    private static final ComposeFile COMPOSE = ComposeFile.read();

    /** This container grants the rights in Kafka and then ends. */
    private static final String GRANTS = "kafka-acls";

    static Stream<Service> services() {
        return COMPOSE.services().values().stream();
    }

    static Stream<Service> servers() {
        return services().filter(service -> !service.name().equals(GRANTS));
    }

    @Test
    void theFileHasAllServices() {
        assertThat(COMPOSE.services())
                .containsOnlyKeys(
                        "keycloak",
                        "postgres",
                        "resource-server",
                        "web-console",
                        "kafka",
                        GRANTS,
                        "mongodb",
                        "redis",
                        "mailpit");
    }

    @ParameterizedTest
    @MethodSource("services")
    void aContainerHasNoPrivilegesAndAReadOnlyFileSystem(Service service) {
        assertThat(service.text("user")).isNotBlank().isNotIn("root", "0", "0:0");
        assertThat(service.text("read_only")).isEqualTo("true");
        assertThat(service.list("cap_drop")).containsExactly("ALL");
        assertThat(service.list("cap_add")).isEmpty();
        assertThat(service.list("security_opt")).containsExactly("no-new-privileges:true");
        assertThat(service.text("privileged")).isEmpty();
        assertThat(service.list("tmpfs")).contains("/tmp");
    }

    /** The program in Caddy's image has this file capability, and the kernel refuses to run it without. */
    @Test
    void theProxyHasTheOneCapabilityThatItsProgramNeeds() {
        Service proxy = ComposeFile.read(ComposeFile.PRODUCTION).service("proxy");

        assertThat(proxy.list("cap_drop")).containsExactly("ALL");
        assertThat(proxy.list("cap_add")).containsExactly("NET_BIND_SERVICE");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aContainerHasALimitForMemoryAndLogs(Service service) {
        assertThat(service.text("mem_limit")).matches("\\d+[mg]");
        assertThat(service.map("logging"))
                .isEqualTo(Map.of("driver", "json-file", "options", Map.of("max-size", "20m", "max-file", "5")));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aContainerHasAHealthCheckAndIsRestartedAfterAFailure(Service service) {
        assertThat(service.map("healthcheck")).containsKeys("test", "interval", "timeout", "retries", "start_period");
        assertThat(service.text("restart")).isEqualTo("unless-stopped");
    }

    @ParameterizedTest
    @MethodSource("services")
    void aContainerWaitsUntilItsDependenciesAreHealthy(Service service) {
        assertThat(service.map("depends_on")).allSatisfy((name, condition) -> {
            assertThat(COMPOSE.services()).containsKey(name);
            assertThat(condition)
                    .isEqualTo(Map.of(
                            "condition", name.equals(GRANTS) ? "service_completed_successfully" : "service_healthy"));
        });
    }

    @Test
    void theServersDependOnTheirStores() {
        assertThat(COMPOSE.service("resource-server").map("depends_on"))
                .containsOnlyKeys("keycloak", GRANTS, "mongodb", "redis");
        assertThat(COMPOSE.service("keycloak").map("depends_on")).containsKey("postgres");
    }

    @Test
    void onlyFourPortsArePublishedAndOnlyOnLoopback() {
        assertThat(services().flatMap(service -> service.list("ports").stream()))
                .containsExactlyInAnyOrder(
                        "127.0.0.1:${KEYCLOAK_PORT:-8080}:8080",
                        "127.0.0.1:${API_PORT:-8000}:8000",
                        "127.0.0.1:${CONSOLE_PORT:-3000}:3000",
                        "127.0.0.1:${MAILPIT_PORT:-8025}:8025");
    }

    @Test
    void theStoresAreOnlyInInternalNetworks() {
        for (String store : List.of("postgres", "kafka", "mongodb", "redis")) {
            assertThat(COMPOSE.service(store).list("networks"))
                    .as(store)
                    .hasSize(1)
                    .allSatisfy(network ->
                            assertThat(COMPOSE.networks().get(network)).isEqualTo(Map.of("internal", true)));
        }
        assertThat(COMPOSE.service("resource-server").list("networks")).doesNotContain("identity");
    }

    @Test
    void eachStoreHasItsOwnNamedVolume() {
        List<String> volumes = services()
                .flatMap(service -> service.list("volumes").stream())
                .map(volume -> volume.substring(0, volume.indexOf(':')))
                .filter(source -> !source.startsWith("."))
                .toList();
        assertThat(volumes).containsExactlyInAnyOrder("postgres-data", "kafka-data", "mongodb-data", "redis-data");
    }

    @Test
    void keycloaksHealthCheckUsesItsManagementPort() {
        Service keycloak = COMPOSE.service("keycloak");

        assertThat(keycloak.healthCommand())
                .isEqualTo("CMD bash -c { printf 'HEAD /health/ready HTTP/1.0\\r\\n\\r\\n' >&0; "
                        + "grep 'HTTP/1.0 200'; } 0<>/dev/tcp/localhost/9000");
        assertThat(keycloak.list("tmpfs")).contains("/opt/keycloak/data:uid=1000");
    }

    @Test
    void kafkaRequiresAPasswordAndExplicitRights() {
        Service kafka = COMPOSE.service("kafka");

        assertThat(kafka.environment("KAFKA_LISTENERS").split(","))
                .containsExactly("CLIENTS://:9092", "CONTROLLER://localhost:9093", "LOCAL://localhost:9094");
        assertThat(kafka.environment("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP")).startsWith("CLIENTS:SASL_PLAINTEXT,");
        assertThat(kafka.environment("KAFKA_AUTHORIZER_CLASS_NAME")).endsWith(".StandardAuthorizer");
        assertThat(kafka.map("environment")).doesNotContainKey("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND");
    }

    @Test
    void onlyKeycloakMayPublishUserEvents() {
        Service grants = COMPOSE.service(GRANTS);

        assertThat(grants.text("network_mode")).isEqualTo("service:kafka");
        assertThat(String.join("\n", grants.list("command")).lines())
                .filteredOn(line -> line.contains("Write") && line.contains("--topic user-events"))
                .singleElement()
                .asString()
                .contains("acls keycloak ");
    }

    @Test
    void kafkasHealthCheckUsesTheFullPathAndALongInterval() {
        Service kafka = COMPOSE.service("kafka");

        assertThat(kafka.healthCommand())
                .isEqualTo("CMD /opt/kafka/bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9094");
        assertThat(Duration.parse("PT" + kafka.map("healthcheck").get("interval")))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    /**
     * A tmpfs over a directory of the image belongs to root, either from the first start or from the first restart. So
     * it needs a uid.
     */
    @ParameterizedTest
    @MethodSource("services")
    void aTmpfsBelongsToTheUserOfItsContainer(Service service) {
        assertThat(service.list("tmpfs").stream().filter(tmpfs -> !tmpfs.equals("/tmp")))
                .allSatisfy(tmpfs -> assertThat(tmpfs).matches("/[a-z/]+:uid=\\d+(,gid=\\d+)?"));
    }

    @Test
    void theSingleBrokerNeedsOnlyOneReplica() {
        assertThat(COMPOSE.service("kafka").map("environment").entrySet())
                .filteredOn(entry -> entry.getKey().matches(".*(REPLICATION_FACTOR|MIN_ISR|MIN_INSYNC_REPLICAS)"))
                .hasSize(7)
                .allSatisfy(entry -> assertThat(entry.getValue()).isEqualTo("1"));
    }

    @Test
    void theOtherHealthChecksTestMoreThanAnOpenPort() {
        assertThat(COMPOSE.service("mongodb").healthCommand())
                .contains("--host mongodb", "db.hello().isWritablePrimary || quit(1)");
        assertThat(COMPOSE.service("postgres").healthCommand()).contains("pg_isready", "-h 127.0.0.1");
        assertThat(COMPOSE.service("redis").healthCommand()).contains("redis-cli ping | grep -q PONG");
        assertThat(COMPOSE.service("mailpit").healthCommand()).isEqualTo("CMD /mailpit readyz");
        assertThat(COMPOSE.service("resource-server").healthCommand()).endsWith("http://127.0.0.1:8000/health");
        assertThat(COMPOSE.service("web-console").healthCommand()).endsWith("http://127.0.0.1:3000/health");
    }

    /** They trust only the proxy, and the servers of Perch that forward calls of users: these have fixed addresses. */
    @Test
    void theServersTrustForwardedAddressesOnlyFromTheProxyAndFromEachOther() {
        ComposeFile production = ComposeFile.read(ComposeFile.PRODUCTION);
        String proxy = "${PROXY_ADDRESS:-172.30.255.2}";
        String api = "${API_ADDRESS:-172.30.255.3}";
        String console = "${CONSOLE_ADDRESS:-172.30.255.4}";

        Map.of("proxy", proxy, "resource-server", api, "web-console", console)
                .forEach((server, address) -> assertThat(ComposeFile.mapOf(
                                ComposeFile.get(production.service(server).map("networks"), "edge")))
                        .as(server)
                        .containsEntry("ipv4_address", address));
        assertThat(production.service("keycloak").environment("KC_PROXY_TRUSTED_ADDRESSES"))
                .isEqualTo(String.join(",", proxy, api, console));
        assertThat(production.service("resource-server").environment("SERVER_TOMCAT_REMOTEIP_INTERNAL_PROXIES"))
                .isEqualTo(proxy + "|" + console);
        assertThat(production.service("web-console").environment("SERVER_TOMCAT_REMOTEIP_INTERNAL_PROXIES"))
                .isEqualTo(proxy);
        for (String server : List.of("resource-server", "web-console")) {
            assertThat(production.service(server).environment("SERVER_FORWARD_HEADERS_STRATEGY"))
                    .isEqualTo("native");
        }
        assertThat(production.services()).containsOnlyKeys("proxy", "keycloak", "resource-server", "web-console");
        assertThat(production.services().values().stream().flatMap(service -> service.list("ports").stream()))
                .containsExactly("${HTTP_PORT:-80}:8080", "${HTTPS_PORT:-443}:8443");
    }

    @Test
    void theServersThatOthersReachLogOneJsonObjectALine() {
        ComposeFile production = ComposeFile.read(ComposeFile.PRODUCTION);
        Map<String, String> spring = Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs");
        Map<String, Map<String, String>> variables = Map.of(
                "keycloak", Map.of("KC_LOG_CONSOLE_OUTPUT", "json", "KC_LOG_CONSOLE_JSON_FORMAT", "ecs"),
                "resource-server", spring,
                "web-console", spring);

        variables.forEach((server, expected) -> expected.forEach((name, value) -> {
            assertThat(production.service(server).environment(name)).as(server).isEqualTo(value);
            assertThat(Project.text("docs/reference/configuration.md")).contains("`" + name + "=" + value + "`");
        }));
    }
}
