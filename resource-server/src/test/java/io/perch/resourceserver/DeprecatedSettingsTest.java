package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A setting that was renamed still works under its old name. */
class DeprecatedSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "perch.audit.patience, perch.audit.max-wait, 250ms",
        "perch.security.start-patience, perch.security.start-timeout, 10s"
    })
    void anOldNameSetsTheNewOne(String old, String current, String defaultValue) {
        ApplicationContextRunner server =
                new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer());
        server.run(context ->
                assertThat(context.getEnvironment().getProperty(current)).isEqualTo(defaultValue));
        server.withPropertyValues(old + "=7s")
                .run(context -> assertThat(context.getEnvironment().getProperty(current))
                        .isEqualTo("7s"));
        server.withPropertyValues(old + "=7s", current + "=8s")
                .run(context -> assertThat(context.getEnvironment().getProperty(current))
                        .isEqualTo("8s"));
    }
}
