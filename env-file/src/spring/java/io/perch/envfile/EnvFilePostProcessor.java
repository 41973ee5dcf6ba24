package io.perch.envfile;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Adds the variables of {@code .env} in the working directory to Spring's environment, directly behind the environment variables. All
 * names have the same effect there, such as {@code SERVER_PORT} for {@code server.port}.
 */
public final class EnvFilePostProcessor implements EnvironmentPostProcessor, Ordered {

    /** Spring Boot recognizes environment variables by the end of this name. */
    static final String SOURCE = ".env-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> variables = Map.copyOf(EnvFile.read(Path.of(".env")));
        if (!variables.isEmpty()) {
            environment
                    .getPropertySources()
                    .addAfter(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            new SystemEnvironmentPropertySource(SOURCE, variables));
        }
    }

    /** Before the configuration files, because a variable may name one or a profile. */
    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER - 1;
    }
}
