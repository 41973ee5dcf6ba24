package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class ContractIT extends AuthApiInAServer {

    @Test
    void theDocumentIsServed() {
        Answer answer = api.get("/openapi.json");
        assertEquals(200, answer.status());
        assertEquals(Contract.DOCUMENT, answer.json());
    }

    @Test
    void theDocumentHasAllCalls() {
        Set<String> documented = new TreeSet<>();
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> served = Routes.all()
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(served, documented);
    }

    @Test
    void everyCallOfTheDocumentAnswersAsDocumented() {
        Contract.DOCUMENT.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                    boolean hasBody = path.getValue().path(method).has("requestBody");
                    Answer answer = api.send(
                            method.toUpperCase(Locale.ROOT), path.getKey().replace("{id}", "1"), hasBody ? "{}" : "");
                    assertTrue(Set.of(200, 400, 401).contains(answer.status()), path.getKey());
                }));
    }

    @Test
    void theServerListsTheProviderWithItsOptions() {
        var spi = Objects.requireNonNull(
                realm.server().serverInfo().getInfo().getProviders().get("realm-restapi-extension"));
        assertTrue(spi.getProviders().containsKey("auth-api"));
    }

    @Test
    void everyErrorIsAProblemDocument() {
        Answer answer = api.get("/me");
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals(
                Map.of("type", "urn:perch:problem:unauthorized", "error", "unauthorized"),
                Map.of("type", answer.text("type"), "error", answer.text("error")));
    }
}
