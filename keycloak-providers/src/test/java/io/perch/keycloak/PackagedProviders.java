package io.perch.keycloak;

import java.nio.file.Path;
import org.keycloak.testframework.server.KeycloakServerConfig;
import org.keycloak.testframework.server.KeycloakServerConfigBuilder;

/**
 * The server configuration of all tests here: Keycloak with the jar that users install, and an extension that describes
 * its steps. It is the same for all, so that one server is enough.
 */
public final class PackagedProviders implements KeycloakServerConfig {

    /** The jar, built by Maven's {@code package} phase. */
    public static final Path JAR = Path.of(System.getProperty("perch.jar", "target/keycloak-providers.jar"));

    /** The jar of the other extension. */
    static final Path EXTENSION =
            Path.of(System.getProperty("perch.extension.jar", "target/extension/keycloak-providers-members.jar"));

    // The framework's dependencyCurrentProject() packs target/classes, without the relocated dependencies
    @Override
    public KeycloakServerConfigBuilder configure(KeycloakServerConfigBuilder config) {
        return config.dependency("io.perch", "packaged-keycloak-providers")
                .dependency("io.perch", "extension-with-steps")
                // So that the last retry of a mail is within the timeout of a test
                .spiOption("email-code", "default", "retry-delay", "1")
                .spiOption("email-code", "default", "retries", "2")
                .spiOption("events-listener", "account-notices", "retry-delay", "1")
                // So that a test can reach the limits
                .spiOption("events-listener", "account-notices", "devices", "3");
    }
}
