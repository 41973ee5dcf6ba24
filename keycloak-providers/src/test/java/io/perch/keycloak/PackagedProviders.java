package io.perch.keycloak;

import java.nio.file.Path;
import org.keycloak.testframework.server.KeycloakServerConfig;
import org.keycloak.testframework.server.KeycloakServerConfigBuilder;

/**
 * The one server configuration of all tests here, so that one server start serves them all: Keycloak with the jar that
 * users install.
 */
public final class PackagedProviders implements KeycloakServerConfig {

    /** The jar, built by Maven's {@code package} phase. */
    public static final Path JAR = Path.of(System.getProperty("perch.jar", "target/keycloak-providers.jar"));

    // The framework's dependencyCurrentProject() packs target/classes, where nothing is shaded
    @Override
    public KeycloakServerConfigBuilder configure(KeycloakServerConfigBuilder config) {
        return config.dependency("io.perch", "packaged-keycloak-providers")
                // So that a mail is given up within a test's patience
                .spiOption("email-code", "default", "retry-delay", "1")
                .spiOption("email-code", "default", "retries", "2")
                .spiOption("events-listener", "account-notices", "retry-delay", "1")
                // So that a test fills them
                .spiOption("events-listener", "account-notices", "devices", "3");
    }
}
