package io.perch.keycloak.outbox;

import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The listener's options as they were written. Keycloak replaces every <code>${NAME}</code> in its configuration by another option,
 * also <code>${vault.NAME}</code>. If there is no option of that name, the whole value is missing, without an error.
 */
final class WrittenOptions {

    private static final String PROVIDER = UserEventsListenerFactory.PROVIDER_ID;

    private WrittenOptions() {}

    /** The text that was written for an option; empty if there is none. */
    static Optional<String> text(String option) {
        return Stream.of("kc.spi-events-listener--" + PROVIDER + "--", "kc.spi-events-listener-" + PROVIDER + "-")
                .map(start -> ConfigProvider.getConfig()
                        .getConfigValue(start + option)
                        .getRawValue())
                .flatMap(Stream::ofNullable)
                .findFirst();
    }
}
