package io.perch.keycloak.outbox;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.keycloak.Config;
import org.keycloak.events.EventType;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The options of the listener, {@code --spi-events-listener--kafka-outbox--<option>}. */
final class OutboxOptions {

    private static final Option BOOTSTRAP_SERVERS = Option.text(
            "bootstrap-servers",
            "",
            "Kafka brokers, HOST:PORT, separated by commas. Without any, events are kept until there are some.");
    private static final Option TOPIC = Option.text("topic", "user-events", "Where the events go. It must exist.");
    private static final Option ATTRIBUTES = Option.text(
            "attributes",
            "",
            "Names of the user attributes that go along, separated by commas; phone_number always does.");
    private static final Option EXCLUDED = Option.text(
            "excluded-events",
            "CODE_TO_TOKEN,CLIENT_LOGIN,PERMISSION_TOKEN",
            "Types of user events that are left out, separated by commas. What changes a user, a session or a sign-in"
                    + " cannot be.");
    private static final Option COMPRESSION =
            Option.choice("compression", "none", Set.of("none", "gzip"), "none or gzip.");
    private static final Option BATCH =
            Option.number("batch", 1000, 1, 10_000, "Events that are on their way to Kafka at a time.");
    private static final Option POLL_INTERVAL = Option.number(
            "poll-interval",
            250,
            10,
            60_000,
            "Milliseconds after which the relay looks for events that another node has written.");
    private static final Option INTERVAL = Option.number(
            "interval",
            250,
            0,
            10_000,
            "Milliseconds from one batch to the next, unless it is full: what comes alone goes at once, what comes in a"
                    + " stream goes together.");
    private static final Option LEASE =
            Option.number("lease", 10, 5, 300, "Seconds after which another node takes over from a node that crashed.");
    private static final Option MAX_REQUEST_SIZE = Option.number(
            "max-request-size",
            1_048_576,
            1024,
            104_857_600,
            "Bytes of the largest request to Kafka; a larger event is set aside.");

    private static final Option SET_ASIDE_DAYS =
            Option.number("set-aside-days", 30, 1, 3650, "Days that an event is kept which Kafka refuses for good.");
    private static final Option SECURITY = Option.choice(
            "security-protocol",
            "PLAINTEXT",
            Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
            "The protocol of the connections to the brokers: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.");
    private static final Option MECHANISM = Option.choice(
            "sasl-mechanism",
            "SCRAM-SHA-512",
            Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
            "With SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.");
    private static final Option USERNAME = Option.text("sasl-username", "", "With SASL: the user.");
    private static final Option PASSWORD = Option.secret("sasl-password", "With SASL: the user's password.");
    private static final Option TRUSTSTORE = Option.text(
            "truststore",
            "",
            "With TLS: a file with the certificates that the brokers' are checked against, .pem, .p12 or .jks. Without"
                    + " it those that Java trusts.");
    private static final Option TRUSTSTORE_PASSWORD =
            Option.secret("truststore-password", "With TLS: the password of the truststore.");
    private static final Option KEYSTORE =
            Option.text("keystore", "", "With TLS: a file with this client's key and certificate, .pem, .p12 or .jks.");
    private static final Option KEYSTORE_PASSWORD =
            Option.secret("keystore-password", "With TLS: the password of the keystore and of the key in it.");

    private static final List<Option> ALL = List.of(
            BOOTSTRAP_SERVERS,
            TOPIC,
            ATTRIBUTES,
            EXCLUDED,
            COMPRESSION,
            BATCH,
            POLL_INTERVAL,
            INTERVAL,
            LEASE,
            MAX_REQUEST_SIZE,
            SET_ASIDE_DAYS,
            SECURITY,
            MECHANISM,
            USERNAME,
            PASSWORD,
            TRUSTSTORE,
            TRUSTSTORE_PASSWORD,
            KEYSTORE,
            KEYSTORE_PASSWORD);

    private final Map<Option, String> values;

    private OutboxOptions(Map<Option, String> values) {
        this.values = values;
    }

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException with an option's name if its value is not allowed
     */
    static OutboxOptions of(Config.Scope config) {
        OutboxOptions options = new OutboxOptions(
                ALL.stream().collect(Collectors.toMap(option -> option, option -> option.in(config))));
        for (String type : options.excludedEvents()) {
            if (Arrays.stream(EventType.values())
                    .noneMatch(known -> known.name().equals(type))) {
                throw EXCLUDED.wrong(type, "no type of Keycloak's user events");
            }
        }
        if (options.securityProtocol().startsWith("SASL")
                && options.saslUsername().isEmpty()) {
            throw USERNAME.wrong("", "no user for " + options.securityProtocol());
        }
        return options;
    }

    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder properties = ProviderConfigurationBuilder.create();
        ALL.forEach(option -> option.describe(properties));
        return properties.build();
    }

    /** Every option with its value, for the admin console. A secret is shown as {@code set} or {@code none}. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        ALL.forEach(option -> shown.put(option.name(), option.shown(value(option))));
        return shown;
    }

    String bootstrapServers() {
        return value(BOOTSTRAP_SERVERS);
    }

    String topic() {
        return value(TOPIC);
    }

    Set<String> attributes() {
        return list(ATTRIBUTES);
    }

    Set<String> excludedEvents() {
        return list(EXCLUDED);
    }

    String compression() {
        return value(COMPRESSION);
    }

    int batch() {
        return number(BATCH);
    }

    int pollInterval() {
        return number(POLL_INTERVAL);
    }

    int interval() {
        return number(INTERVAL);
    }

    int lease() {
        return number(LEASE);
    }

    int maxRequestSize() {
        return number(MAX_REQUEST_SIZE);
    }

    int setAsideDays() {
        return number(SET_ASIDE_DAYS);
    }

    String securityProtocol() {
        return value(SECURITY);
    }

    String saslMechanism() {
        return value(MECHANISM);
    }

    String saslUsername() {
        return value(USERNAME);
    }

    String saslPassword() {
        return value(PASSWORD);
    }

    String truststore() {
        return value(TRUSTSTORE);
    }

    String truststorePassword() {
        return value(TRUSTSTORE_PASSWORD);
    }

    String keystore() {
        return value(KEYSTORE);
    }

    String keystorePassword() {
        return value(KEYSTORE_PASSWORD);
    }

    private int number(Option option) {
        return Integer.parseInt(value(option));
    }

    private Set<String> list(Option option) {
        return Arrays.stream(value(option).split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String value(Option option) {
        return values.getOrDefault(option, option.defaultValue());
    }
}
