package io.perch.keycloak.outbox;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.keycloak.Config;
import org.keycloak.events.EventType;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The options of the listener, {@code --spi-events-listener--kafka-outbox--<option>}. */
final class OutboxOptions {

    static final String OAUTHBEARER = "OAUTHBEARER";

    private static final String FROM_THE_VAULT =
            " Or ${vault.NAME} for a secret of the realm master in Keycloak's vault.";

    private static final Option BOOTSTRAP_SERVERS = Option.text(
            "bootstrap-servers",
            "",
            "Kafka brokers, HOST:PORT, separated by commas. If empty, events wait in Keycloak's database.");
    private static final Option TOPIC = Option.text(
            "topic",
            "user-events",
            "The topic of the events. It may contain {realm-id} or {realm} once, for the realm's id or name, beside other"
                    + " characters. The topics must exist.");
    private static final Option ATTRIBUTES = Option.text(
            "attributes",
            "",
            "Names of user attributes that events contain, separated by commas. They always contain phone_number.");
    private static final Option EXCLUDED = Option.text(
            "excluded-events",
            "CODE_TO_TOKEN,CLIENT_LOGIN,PERMISSION_TOKEN",
            "Types of user events that are not published, separated by commas. Events that change a user, a session or a"
                    + " sign-in are always published.");
    private static final Option COMPRESSION =
            Option.choice("compression", "none", Set.of("none", "gzip"), "none or gzip.");
    private static final Option BATCH =
            Option.number("batch", 1000, 1, 10_000, "Events that are sent to Kafka at a time.");
    private static final Option POLL_INTERVAL = Option.number(
            "poll-interval",
            250,
            10,
            60_000,
            "Milliseconds between two searches of the relay for events that another node has written.");
    private static final Option INTERVAL = Option.number(
            "interval",
            250,
            0,
            10_000,
            "Milliseconds from one batch to the next, unless it is full. A single event is sent at once. Many events in a"
                    + " short time are sent together.");
    private static final Option LEASE = Option.number(
            "lease", 10, 5, 300, "Seconds after which another node sends the events if a node has crashed.");
    private static final Option MAX_REQUEST_SIZE = Option.number(
            "max-request-size",
            1_048_576,
            1024,
            104_857_600,
            "Bytes of the largest request to Kafka. A larger event is set aside.");

    private static final Option SET_ASIDE_DAYS = Option.number(
            "set-aside-days", 30, 1, 3650, "Days for which an event is kept that Kafka refuses permanently.");
    private static final Option SECURITY = Option.choice(
            "security-protocol",
            "PLAINTEXT",
            Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
            "The protocol of the connections to the brokers: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.");
    private static final Option MECHANISM = Option.choice(
            "sasl-mechanism",
            "SCRAM-SHA-512",
            Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", OAUTHBEARER),
            "With SASL: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.");
    private static final Option USERNAME =
            Option.text("sasl-username", "", "With SASL, but not OAUTHBEARER: the user.");
    private static final Option PASSWORD =
            Option.secret("sasl-password", "With SASL, but not OAUTHBEARER: the user's password." + FROM_THE_VAULT);
    private static final Option TOKEN_ENDPOINT = Option.text(
            "sasl-oauthbearer-token-endpoint-url",
            "",
            "With OAUTHBEARER: the URL of the token endpoint, with https, or with http on this machine.");
    private static final Option CLIENT_ID = Option.text(
            "sasl-oauthbearer-client-id", "", "With OAUTHBEARER: the client that gets tokens by client credentials.");
    private static final Option CLIENT_SECRET =
            Option.secret("sasl-oauthbearer-client-secret", "With OAUTHBEARER: the client's secret." + FROM_THE_VAULT);
    private static final Option SCOPE = Option.text(
            "sasl-oauthbearer-scope", "", "With OAUTHBEARER: the scopes that are requested, separated by spaces.");
    private static final Option TRUSTSTORE = Option.text(
            "truststore",
            "",
            "With TLS: a file with the certificates that Keycloak trusts for the brokers, .pem, .p12 or .jks. If empty, the"
                    + " certificates that Java trusts.");
    private static final Option TRUSTSTORE_PASSWORD =
            Option.secret("truststore-password", "With TLS: the password of the truststore." + FROM_THE_VAULT);
    private static final Option KEYSTORE =
            Option.text("keystore", "", "With TLS: a file with this client's key and certificate, .pem, .p12 or .jks.");
    private static final Option KEYSTORE_PASSWORD = Option.secret(
            "keystore-password", "With TLS: the password of the keystore and of the key in it." + FROM_THE_VAULT);

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
            TOKEN_ENDPOINT,
            CLIENT_ID,
            CLIENT_SECRET,
            SCOPE,
            TRUSTSTORE,
            TRUSTSTORE_PASSWORD,
            KEYSTORE,
            KEYSTORE_PASSWORD);

    private static final Set<String> SENT_AS_IT_IS = Set.of("PLAIN", OAUTHBEARER);

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private final Map<Option, String> values;

    private OutboxOptions(Map<Option, String> values) {
        this.values = values;
    }

    /**
     * Reads the options. A secret may still be a {@link VaultExpression}.
     *
     * @param written the text that was written for an option, see {@link WrittenOptions}
     * @throws IllegalArgumentException with an option's name if its value is not allowed
     */
    static OutboxOptions of(Config.Scope config, Function<String, Optional<String>> written) {
        OutboxOptions options = new OutboxOptions(
                ALL.stream().collect(Collectors.toMap(option -> option, option -> option.in(config, written))));
        for (String type : options.excludedEvents()) {
            if (Arrays.stream(EventType.values())
                    .noneMatch(known -> known.name().equals(type))) {
                throw EXCLUDED.wrong(type, "not a type of Keycloak's user events");
            }
        }
        if (!options.topic().isValid()) {
            throw TOPIC.wrong(
                    options.topic().text(),
                    "not a name that Kafka allows. It may contain {realm-id} or {realm} once, beside other characters");
        }
        if (options.securityProtocol().startsWith("SASL")) {
            options.checkLogin();
        }
        if (options.securityProtocol().endsWith("SSL") && options.needsKeystorePassword()) {
            throw KEYSTORE_PASSWORD.wrong("", "no password for the keystore " + options.keystore());
        }
        return options;
    }

    private void checkLogin() {
        if (!saslMechanism().equals(OAUTHBEARER)) {
            require(USERNAME, "no user");
            require(PASSWORD, "no password");
            return;
        }
        require(CLIENT_ID, "no client");
        require(CLIENT_SECRET, "no secret");
        if (!isProtected(tokenEndpoint())) {
            throw TOKEN_ENDPOINT.wrong(
                    tokenEndpoint(),
                    "not a URL with https, which protects the client's secret. http is only for localhost, 127.0.0.1 or [::1]");
        }
    }

    /** Whether nobody on the network can read what is sent to an address. */
    private static boolean isProtected(String address) {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            return false;
        }
        // Kafka's list of allowed addresses is separated by commas
        if (uri.getScheme() == null || uri.getRawAuthority() == null || address.contains(",")) {
            return false;
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "https" -> true;
            case "http" ->
                uri.getHost() != null && LOOPBACK.matcher(uri.getHost()).matches();
            default -> false;
        };
    }

    /**
     * A warning that everybody in the network between Keycloak and the brokers can read the password or the access token; empty if nobody
     * can. SCRAM does not send the password.
     */
    Optional<String> warning() {
        return securityProtocol().equals("SASL_PLAINTEXT") && SENT_AS_IT_IS.contains(saslMechanism())
                ? Optional.of(SECURITY.fullName() + " is SASL_PLAINTEXT, so the "
                        + (saslMechanism().equals(OAUTHBEARER) ? "access token" : "password") + " of " + saslMechanism()
                        + " is sent to the brokers in clear text. SASL_SSL encrypts it")
                : Optional.empty();
    }

    private boolean needsKeystorePassword() {
        return !keystore().isEmpty()
                && !KafkaSettings.isPem(keystore())
                && keystorePassword().isEmpty();
    }

    private void require(Option option, String what) {
        if (value(option).isEmpty()) {
            throw option.wrong("", what + " for " + saslMechanism());
        }
    }

    /**
     * These options with secrets in the place of their {@link VaultExpression}s.
     *
     * @param vault gives the secret of an expression; empty if it has none
     * @throws MissingSecretException if the vault does not have a secret
     */
    OutboxOptions withSecrets(Function<String, Optional<String>> vault) {
        Map<Option, String> secrets = new HashMap<>(values);
        secrets.replaceAll((option, value) -> option.isSecret() && VaultExpression.is(value)
                ? vault.apply(value).orElseThrow(() -> new MissingSecretException(option.name(), value))
                : value);
        return new OutboxOptions(secrets);
    }

    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder properties = ProviderConfigurationBuilder.create();
        ALL.forEach(option -> option.describe(properties));
        return properties.build();
    }

    /** Every option with its value, for the admin console. A secret is shown as {@code set} or {@code none}, or as the
     * expression that names it. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        ALL.forEach(option -> shown.put(option.name(), option.shown(value(option))));
        return shown;
    }

    String bootstrapServers() {
        return value(BOOTSTRAP_SERVERS);
    }

    TopicTemplate topic() {
        return new TopicTemplate(value(TOPIC));
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

    String tokenEndpoint() {
        return value(TOKEN_ENDPOINT);
    }

    String clientId() {
        return value(CLIENT_ID);
    }

    String clientSecret() {
        return value(CLIENT_SECRET);
    }

    String scope() {
        return value(SCOPE);
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
