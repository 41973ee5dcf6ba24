package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.Config;

class OutboxOptionsTest {

    @Test
    void everyOptionHasADefault() {
        OutboxOptions options = options(Map.of());

        assertEquals("user-events", options.topic());
        assertEquals("", options.bootstrapServers());
        assertEquals(Set.of("CODE_TO_TOKEN", "CLIENT_LOGIN", "PERMISSION_TOKEN"), options.excludedEvents());
    }

    @ParameterizedTest
    @CsvSource({
        "compression, zstd",
        "batch, 0",
        "batch, many",
        "lease, 1",
        "excluded-events, NO_SUCH_EVENT",
        "security-protocol, TLS",
        "sasl-mechanism, GSSAPI"
    })
    void aWrongValueIsRefusedWithTheOptionsName(String option, String value) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> options(Map.of(option, value)));

        assertTrue(
                String.valueOf(refusal.getMessage())
                        .startsWith("spi-events-listener--kafka-outbox--" + option + ": \"" + value + "\" is no"),
                refusal::getMessage);
    }

    @Test
    void saslNeedsAUser() {
        assertThrows(IllegalArgumentException.class, () -> options(Map.of("security-protocol", "SASL_SSL")));
    }

    @Test
    void aPasswordIsNeverShown() {
        Map<String, String> shown = options(Map.of("sasl-password", "hidden", "keystore-password", "hidden"))
                .shown();

        assertEquals("set", shown.get("sasl-password"));
        assertEquals("none", shown.get("truststore-password"));
        assertFalse(shown.toString().contains("hidden"));
    }

    @Test
    void aPasswordMayHaveEveryCharacter() {
        Map<String, Object> settings = KafkaSettings.of(options(Map.of(
                "security-protocol",
                "SASL_SSL",
                "sasl-username",
                "perch",
                "sasl-password",
                "a\"b\\c;",
                "truststore",
                "/certificates/kafka.pem")));

        assertTrue(String.valueOf(settings.get("sasl.jaas.config")).endsWith("password=\"a\\\"b\\\\c;\";"));
        assertEquals("PEM", settings.get("ssl.truststore.type"));
    }

    private static OutboxOptions options(Map<String, String> values) {
        return OutboxOptions.of(new Values(values));
    }

    private static final class Values extends Config.SystemPropertiesScope {

        private final Map<String, String> values;

        Values(Map<String, String> values) {
            super("");
            this.values = values;
        }

        @Override
        public @Nullable String get(String key) {
            return values.get(key);
        }
    }
}
