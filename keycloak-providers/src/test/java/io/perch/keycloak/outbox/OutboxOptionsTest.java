package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;

class OutboxOptionsTest {

    private static final Map<String, String> OAUTHBEARER = Map.of(
            "security-protocol",
            "SASL_SSL",
            "sasl-mechanism",
            "OAUTHBEARER",
            "sasl-oauthbearer-token-endpoint-url",
            "https://id.perch.example/token",
            "sasl-oauthbearer-client-id",
            "relay",
            "sasl-oauthbearer-client-secret",
            "hidden",
            "sasl-oauthbearer-scope",
            "kafka");

    @Test
    void everyOptionHasADefault() {
        OutboxOptions options = options(Map.of());

        assertEquals("user-events", options.topic().text());
        assertFalse(options.topic().isPerRealm());
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
        "sasl-mechanism, GSSAPI",
        "topic, events of users",
        "topic, user-events-{user}",
        "topic, ..",
        "topic, {realm}",
        "topic, user-events-{realm}-{realm-id}"
    })
    void aWrongValueIsRefusedWithTheOptionsName(String option, String value) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> options(Map.of(option, value)));

        assertTrue(
                String.valueOf(refusal.getMessage())
                        .startsWith("spi-events-listener--kafka-outbox--" + option + ": \"" + value + "\" is no"),
                refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl-username", "sasl-password"})
    void saslNeedsAUserAndAPassword(String missing) {
        Map<String, String> values = new HashMap<>(
                Map.of("security-protocol", "SASL_SSL", "sasl-username", "perch", "sasl-password", "${vault.kafka}"));
        assertEquals("perch", options(values).saslUsername());
        values.remove(missing);

        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> options(values));

        assertTrue(String.valueOf(refusal.getMessage()).contains(missing + ": "), refusal::getMessage);
    }

    @ParameterizedTest
    @CsvSource({"/client.p12, true", "/client.jks, true", "/client.pem, false"})
    void aKeystoreNeedsAPasswordUnlessItIsPem(String file, boolean needsPassword) {
        Map<String, String> values = Map.of("security-protocol", "SSL", "keystore", file);

        if (needsPassword) {
            IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> options(values));
            assertTrue(String.valueOf(refusal.getMessage()).contains("keystore-password: "), refusal::getMessage);
        } else {
            assertEquals(file, options(values).keystore());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl-oauthbearer-client-id",
                "sasl-oauthbearer-client-secret",
                "sasl-oauthbearer-token-endpoint-url"
            })
    void tokensNeedAnEndpointAndAClient(String missing) {
        Map<String, String> values = new HashMap<>(OAUTHBEARER);
        values.remove(missing);

        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> options(values));

        assertTrue(String.valueOf(refusal.getMessage()).contains(missing + ": "), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///tokens/kafka.jwt",
                "http://id.perch.example/token",
                "http://localhost.perch.example/token",
                "http://localhost@id.perch.example/token",
                "http://127.0.0.1.perch.example/token",
                "http://10.0.0.1/token",
                "https://id.perch.example/token,https://other.example/token",
                "https:///token",
                "not a URL"
            })
    void theClientsSecretIsNotSentInClearText(String url) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> optionsWithTokenEndpoint(url));

        assertTrue(
                String.valueOf(refusal.getMessage()).contains("sasl-oauthbearer-token-endpoint-url: "),
                refusal::getMessage);
    }

    @ParameterizedTest
    @CsvSource({
        "SASL_PLAINTEXT, PLAIN, password",
        "SASL_PLAINTEXT, OAUTHBEARER, access token",
        "SASL_PLAINTEXT, SCRAM-SHA-256,",
        "SASL_PLAINTEXT, SCRAM-SHA-512,",
        "SASL_SSL, PLAIN,",
        "SASL_SSL, OAUTHBEARER,",
        "PLAINTEXT, PLAIN,"
    })
    void aSecretThatIsSentInClearTextIsAWarning(String protocol, String mechanism, @Nullable String secret) {
        Map<String, String> values = new HashMap<>(OAUTHBEARER);
        values.putAll(Map.of("sasl-username", "perch", "sasl-password", "hidden"));
        values.putAll(Map.of("security-protocol", protocol, "sasl-mechanism", mechanism));

        assertEquals(
                Optional.ofNullable(secret)
                        .map(what -> "spi-events-listener--kafka-outbox--security-protocol is SASL_PLAINTEXT, so the "
                                + what + " of " + mechanism
                                + " is sent to the brokers in clear text. SASL_SSL encrypts it"),
                options(values).warning());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://id.perch.example/token",
                "HTTPS://10.0.0.1:8443/token",
                "http://localhost:8080/token",
                "http://127.0.0.2/token",
                "http://[::1]:8080/token"
            })
    void aTokenEndpointHasTlsOrIsOnTheSameMachine(String url) {
        assertEquals(url, optionsWithTokenEndpoint(url).tokenEndpoint());
    }

    private static OutboxOptions optionsWithTokenEndpoint(String url) {
        Map<String, String> values = new HashMap<>(OAUTHBEARER);
        values.put("sasl-oauthbearer-token-endpoint-url", url);
        return options(values);
    }

    @Test
    void tokensAreRequestedWithTheClientsCredentials() {
        Map<String, Object> settings = KafkaSettings.of(options(OAUTHBEARER));

        assertEquals("OAUTHBEARER", settings.get("sasl.mechanism"));
        assertEquals(OAuthBearerLoginModule.class.getName() + " required;", settings.get("sasl.jaas.config"));
        assertEquals("https://id.perch.example/token", settings.get("sasl.oauthbearer.token.endpoint.url"));
        assertEquals("relay", settings.get("sasl.oauthbearer.client.credentials.client.id"));
        assertEquals("hidden", settings.get("sasl.oauthbearer.client.credentials.client.secret"));
        assertEquals("kafka", settings.get("sasl.oauthbearer.scope"));
    }

    @Test
    void aSecretComesFromTheVault() {
        OutboxOptions options = options(Map.of("sasl-password", "${vault.kafka}", "keystore-password", "as it is"));

        OutboxOptions withSecrets = options.withSecrets(expression -> Optional.of("secret of " + expression));

        assertEquals("secret of ${vault.kafka}", withSecrets.saslPassword());
        assertEquals("as it is", withSecrets.keystorePassword());
        assertEquals("${vault.kafka}", options.shown().get("sasl-password"));
        assertEquals("set", withSecrets.shown().get("sasl-password"));
    }

    /** Keycloak takes it for another of its options, which it does not have. So it gives no value. */
    @Test
    void anExpressionThatKeycloakHasReplacedByNothingIsReadAsItWasWritten() {
        Map<String, String> written = Map.of("sasl-password", " ${vault.kafka} ", "topic", "${vault.topic}");

        OutboxOptions options = OutboxOptions.of(new Values(Map.of()), name -> Optional.ofNullable(written.get(name)));

        assertEquals("${vault.kafka}", options.saslPassword());
        assertEquals("", options.keystorePassword());
        assertEquals("user-events", options.topic().text());
    }

    /** Keycloak gives no value if a variable in it is missing. The text may have a part of the secret. */
    @Test
    void aSecretThatWasWrittenAndHasNoValueIsRefusedWithoutItsText() {
        Map<String, String> written = Map.of("truststore-password", "part-${MISSING}");

        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> OutboxOptions.of(new Values(Map.of()), name -> Optional.ofNullable(written.get(name))));

        assertTrue(
                String.valueOf(refusal.getMessage())
                        .startsWith("spi-events-listener--kafka-outbox--truststore-password: "),
                refusal::getMessage);
        assertFalse(String.valueOf(refusal.getMessage()).contains("part"), refusal::getMessage);
    }

    @Test
    void aMissingSecretIsNamed() {
        OutboxOptions options = options(Map.of("truststore-password", "${vault.kafka}"));

        MissingSecretException missing =
                assertThrows(MissingSecretException.class, () -> options.withSecrets(expression -> Optional.empty()));

        assertEquals("truststore-password", missing.option());
        assertTrue(
                String.valueOf(missing.getMessage())
                        .startsWith("The option truststore-password is ${vault.kafka}, and"),
                missing::getMessage);
    }

    @Test
    void everyOptionIsInTheDocument() throws Exception {
        String document = Files.readString(Path.of("../docs/user-events.md"));
        String options = document.substring(document.indexOf("## Options"), document.indexOf("## Resync"));

        assertEquals(
                List.of(),
                OutboxOptions.metadata().stream()
                        .map(ProviderConfigProperty::getName)
                        .filter(name -> options.lines()
                                .filter(line -> line.startsWith("| `"))
                                .map(line -> line.split(" \\| ", -1)[0])
                                .noneMatch(names -> names.contains("`" + name + "`")))
                        .toList());
    }

    @Test
    void aPasswordIsNeverShown() {
        Map<String, String> shown = options(Map.of("sasl-password", "hidden", "keystore-password", "hidden"))
                .shown();

        assertEquals("set", shown.get("sasl-password"));
        assertEquals("none", shown.get("truststore-password"));
        assertFalse(shown.toString().contains("hidden"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\"b\\c;",
                "abc\nSecretTail99 x",
                "abc\r\nserviceName=\"other\"",
                "a\tb\u00001\u001f7\u007f",
                "it's // /* # \\n \\101"
            })
    void kafkaReadsTheUserAndThePasswordAsTheyAre(String text) {
        Map<String, Object> settings = KafkaSettings.of(
                options(Map.of("security-protocol", "SASL_SSL", "sasl-username", text + "!", "sasl-password", text)));

        Map<String, ?> read = JaasContext.loadClientContext(Map.of(
                        SaslConfigs.SASL_JAAS_CONFIG, new Password(String.valueOf(settings.get("sasl.jaas.config")))))
                .configurationEntries()
                .get(0)
                .getOptions();

        assertEquals(Map.of("username", text + "!", "password", text), read);
    }

    @Test
    void theKindOfAStoreIsReadFromTheNameOfItsFile() {
        Map<String, Object> settings =
                KafkaSettings.of(options(Map.of("security-protocol", "SSL", "truststore", "/certificates/kafka.pem")));

        assertEquals("PEM", settings.get("ssl.truststore.type"));
    }

    private static OutboxOptions options(Map<String, String> values) {
        return OutboxOptions.of(new Values(values), name -> Optional.empty());
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
