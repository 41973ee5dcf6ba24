package io.perch.console;

import org.springframework.test.context.DynamicPropertyRegistry;

/** The servers that the console needs. All test classes share them. */
final class Servers {

    static final Keycloak KEYCLOAK = Keycloak.start();
    static final Api API = Api.start();

    private Servers() {}

    static void register(DynamicPropertyRegistry properties) {
        properties.add("perch.keycloak.issuer-uri", KEYCLOAK::issuer);
        properties.add("perch.keycloak.client-secret", () -> Keycloak.SECRET);
        properties.add("perch.forward.api-uri", API::uri);
        properties.add("perch.forward.auth-api-uri", () -> API.uri() + "/auth-api/v1");
        properties.add("perch.console.demo", () -> "true");
    }
}
