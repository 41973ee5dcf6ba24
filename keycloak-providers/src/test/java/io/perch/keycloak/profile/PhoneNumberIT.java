package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.PackagedProviders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class PhoneNumberIT extends PhoneNumberInAServer {

    @InjectKeycloakUrls
    KeycloakUrls urls;

    @InjectAdminClient
    Keycloak admin;

    @Override
    URI server() {
        return URI.create(urls.getBase());
    }

    @Test
    void theServerRunsThePackagedJar() throws IOException {
        Path bin = Path.of(admin.serverInfo().getInfo().getSystemInfo().getUserDir());
        Path deployed = bin.resolveSibling("providers").resolve("io.perch__packaged-keycloak-providers.jar");
        assertEquals(-1, Files.mismatch(PackagedProviders.JAR, deployed));
    }
}
