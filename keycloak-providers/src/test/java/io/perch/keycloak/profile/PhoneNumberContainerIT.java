package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dasniko.testcontainers.keycloak.KeycloakContainer;
import io.perch.keycloak.PackagedProviders;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.DockerClientFactory;

@EnabledIfSystemProperty(
        named = "perch.containers",
        matches = "true",
        disabledReason = "skipped: tests on containers are switched on by -Dperch.containers=true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhoneNumberContainerIT extends PhoneNumberInAServer {

    private final KeycloakContainer keycloak = new KeycloakContainer("quay.io/keycloak/keycloak:26.7.5")
            .withProviderLibsFrom(List.of(PackagedProviders.JAR.toFile()));

    @BeforeAll
    void start() {
        assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "skipped: no Docker engine answers");
        keycloak.start();
    }

    @AfterAll
    void stop() {
        keycloak.stop();
    }

    @Override
    URI server() {
        return URI.create(keycloak.getAuthServerUrl());
    }
}
