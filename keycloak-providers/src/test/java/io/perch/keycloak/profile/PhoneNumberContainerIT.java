package io.perch.keycloak.profile;

import dasniko.testcontainers.keycloak.KeycloakContainer;
import io.perch.keycloak.PackagedProviders;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.DockerClientFactory;

@EnabledIfSystemProperty(
        named = "perch.containers",
        matches = "true",
        disabledReason = "skipped: tests on containers are switched on by -Dperch.containers=true")
@EnabledIf(value = "aDockerEngineAnswers", disabledReason = "skipped: no Docker engine answers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhoneNumberContainerIT extends PhoneNumberInAServer {

    private @Nullable KeycloakContainer keycloak;

    // Not in the constructor, because a new container looks for its image at once
    @BeforeAll
    void start() {
        keycloak = new KeycloakContainer("quay.io/keycloak/keycloak:26.7.5")
                .withProviderLibsFrom(List.of(PackagedProviders.JAR.toFile()));
        keycloak.start();
    }

    @AfterAll
    void stop() {
        if (keycloak != null) {
            keycloak.stop();
        }
    }

    @Override
    URI server() {
        return URI.create(Objects.requireNonNull(keycloak).getAuthServerUrl());
    }

    static boolean aDockerEngineAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
