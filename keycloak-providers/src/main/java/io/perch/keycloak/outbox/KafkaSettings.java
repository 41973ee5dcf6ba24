package io.perch.keycloak.outbox;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.security.oauthbearer.ClientCredentialsJwtRetriever;
import org.apache.kafka.common.security.oauthbearer.ClientJwtValidator;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** The configuration of the Kafka producer. */
final class KafkaSettings {

    private static final int TOKEN_TIMEOUT_MILLIS = 5000;
    private static final short REFRESH_MARGIN_SECONDS = 10;

    private KafkaSettings() {}

    /**
     * The settings of the producer.
     *
     * @param options with their secrets, see {@link OutboxOptions#withSecrets}
     */
    static Map<String, Object> of(OutboxOptions options) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "perch-outbox");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
        // No timeout: else a later record of the user could arrive although this one does not
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1000);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, options.compression());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, options.maxRequestSize());
        settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        secure(settings, options);
        return settings;
    }

    private static void secure(Map<String, Object> settings, OutboxOptions options) {
        String protocol = options.securityProtocol();
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        if (protocol.startsWith("SASL")) {
            settings.put(SaslConfigs.SASL_MECHANISM, options.saslMechanism());
            if (options.saslMechanism().equals(OutboxOptions.OAUTHBEARER)) {
                clientCredentials(settings, options);
            } else {
                settings.put(SaslConfigs.SASL_JAAS_CONFIG, jaas(options));
            }
        }
        if (protocol.endsWith("SSL")) {
            store(settings, "truststore", options.truststore(), options.truststorePassword());
            store(settings, "keystore", options.keystore(), options.keystorePassword());
            if (!options.keystore().isEmpty() && !options.keystorePassword().isEmpty()) {
                settings.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, options.keystorePassword());
            }
        }
    }

    // All classes are named here. Kafka's defaults for brokers need a library that the jar does not have
    private static void clientCredentials(Map<String, Object> settings, OutboxOptions options) {
        settings.put(SaslConfigs.SASL_JAAS_CONFIG, OAuthBearerLoginModule.class.getName() + " required;");
        settings.put(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, OAuthBearerLoginCallbackHandler.class);
        settings.put(SaslConfigs.SASL_OAUTHBEARER_JWT_RETRIEVER_CLASS, ClientCredentialsJwtRetriever.class);
        settings.put(SaslConfigs.SASL_OAUTHBEARER_JWT_VALIDATOR_CLASS, ClientJwtValidator.class);
        settings.put(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, options.tokenEndpoint());
        settings.put(SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID, options.clientId());
        settings.put(SaslConfigs.SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET, options.clientSecret());
        if (!options.scope().isEmpty()) {
            settings.put(SaslConfigs.SASL_OAUTHBEARER_SCOPE, options.scope());
        }
        // Keycloak's tokens live for five minutes by default. Kafka's defaults are for tokens that live longer
        settings.put(SaslConfigs.SASL_LOGIN_REFRESH_MIN_PERIOD_SECONDS, REFRESH_MARGIN_SECONDS);
        settings.put(SaslConfigs.SASL_LOGIN_REFRESH_BUFFER_SECONDS, REFRESH_MARGIN_SECONDS);
        // RFC 6749, section 2.3.1
        settings.put(SaslConfigs.SASL_OAUTHBEARER_HEADER_URLENCODE, true);
        settings.put(SaslConfigs.SASL_LOGIN_CONNECT_TIMEOUT_MS, TOKEN_TIMEOUT_MILLIS);
        settings.put(SaslConfigs.SASL_LOGIN_READ_TIMEOUT_MS, TOKEN_TIMEOUT_MILLIS);
        // All attempts together. The relay tries again
        settings.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MAX_MS, (long) TOKEN_TIMEOUT_MILLIS);
    }

    /**
     * Allows Kafka's client to send the client's secret to the token endpoint. Kafka has this list for applications that take
     * settings from others. These options are the operator's own. Packaging the jar renames the system property, so no other Kafka
     * client of the server reads it.
     */
    static void allowTokenEndpoint(OutboxOptions options) {
        if (!options.tokenEndpoint().isEmpty()) {
            System.setProperty(BrokerSecurityConfigs.ALLOWED_SASL_OAUTHBEARER_URLS_CONFIG, options.tokenEndpoint());
        }
    }

    private static String jaas(OutboxOptions options) {
        // The name is read from the class, because packaging the jar renames the class
        Class<?> module = options.saslMechanism().equals("PLAIN") ? PlainLoginModule.class : ScramLoginModule.class;
        return "%s required username=\"%s\" password=\"%s\";"
                .formatted(module.getName(), quoted(options.saslUsername()), quoted(options.saslPassword()));
    }

    // Kafka reads it with a StreamTokenizer: a line break would end the text, and the rest would be read as options and
    // shown
    // in the log
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ') {
                quoted.append("\\%03o".formatted((int) c));
            } else {
                quoted.append(c == '\\' || c == '"' ? "\\" : "").append(c);
            }
        }
        return quoted.toString();
    }

    /** Whether a file has PEM, by its name. */
    static boolean isPem(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".pem");
    }

    private static void store(Map<String, Object> settings, String kind, String file, String password) {
        if (file.isEmpty()) {
            return;
        }
        String type = isPem(file) ? "PEM" : file.toLowerCase(Locale.ROOT).endsWith(".jks") ? "JKS" : "PKCS12";
        settings.put("ssl." + kind + ".location", file);
        settings.put("ssl." + kind + ".type", type);
        if (!type.equals("PEM") && !password.isEmpty()) {
            settings.put("ssl." + kind + ".password", password);
        }
    }
}
