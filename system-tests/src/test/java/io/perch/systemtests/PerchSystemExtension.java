package io.perch.systemtests;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Provides the {@link PerchSystem} of this JVM. It is started for the first test that needs it, and stopped after the
 * last test.
 */
final class PerchSystemExtension implements BeforeAllCallback, ParameterResolver {

    /** Variables that the local stack does not set, because not every realm needs them. */
    private static final Map<String, String> VARIABLES =
            Map.of("PASSWORD_RESET_LINK", "http://localhost:3000/reset-password?token={token}");

    private static final Namespace NAMESPACE = Namespace.create(PerchSystemExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PerchSystem.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context).system();
    }

    private static Running running(ExtensionContext context) {
        // The root store exists for the whole test run. At its end it closes its values
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Running.class, type -> Running.start(System.getenv()), Running.class);
    }

    /** The system in use. {@code process} is null if the tests have not started it. */
    private record Running(PerchSystem system, @Nullable LocalStackProcess process) implements AutoCloseable {

        static Running start(Map<String, String> environment) {
            return alreadyUp(environment)
                    .map(system -> new Running(system, null))
                    .orElseGet(Running::startLocalStack);
        }

        private static Running startLocalStack() {
            var stack = LocalStackProcess.startFresh(Path.of("target", "system-under-test"), VARIABLES);
            stack.awaitUp();
            return new Running(stack.system(), stack);
        }

        private static Optional<PerchSystem> alreadyUp(Map<String, String> environment) {
            var keycloak = environment.get("PERCH_KEYCLOAK_URL");
            var api = environment.get("PERCH_API_URL");
            if (keycloak == null || api == null) {
                return Optional.empty();
            }
            return Optional.of(new PerchSystem(
                    base(keycloak),
                    Optional.ofNullable(environment.get("PERCH_KEYCLOAK_MANAGEMENT_URL"))
                            .map(Running::base),
                    base(api),
                    base(environment.getOrDefault("PERCH_CONSOLE_URL", "http://localhost:3000")),
                    Optional.ofNullable(environment.get("MONGO_URI")),
                    environment.getOrDefault("KAFKA_BROKER_URL", "localhost:9092"),
                    Optional.ofNullable(environment.get("PERCH_DATA_DIR")).map(Path::of),
                    Optional.ofNullable(environment.get("PERCH_MAILPIT_URL")).map(Running::base)));
        }

        private static URI base(String url) {
            return URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        }

        @Override
        public void close() {
            if (process != null) {
                process.close();
            }
        }
    }
}
