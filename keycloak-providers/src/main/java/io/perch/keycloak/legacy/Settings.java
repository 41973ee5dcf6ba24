package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.ComponentValidationException;
import org.keycloak.vault.VaultStringSecret;
import org.keycloak.vault.VaultTranscriber;

/**
 * A component's validated configuration. It has the parts of an address instead of a JDBC URL. In a JDBC URL an administrator of a
 * realm could name classes and files of the server.
 *
 * @param hosts one host, or the members of a replica set
 * @param user empty for none
 * @param authSource the database with the user's account, for MongoDB
 * @param timeout the most milliseconds that a sign-in waits for the old database
 * @param connections the most connections, and so the most concurrent queries
 * @param columns the columns of the mapped fields only
 * @param roles Keycloak's roles by the old roles
 * @param superuserRole null for none
 * @param chunk the users that a synchronization imports in one transaction
 * @param cost the bcrypt cost of the most expensive hash in the table
 * @param refusalTime milliseconds from the start of a request to a refusal, without the time of the hashes; 0 for no wait
 */
record Settings(
        Vendor vendor,
        List<Host> hosts,
        String database,
        Tls tls,
        String user,
        String password,
        String authSource,
        int timeout,
        int connections,
        String table,
        Map<Field, String> columns,
        Map<String, String> roles,
        @Nullable String superuserRole,
        int chunk,
        int cost,
        int refusalTime) {

    static final String VENDOR = "database-kind";
    static final String HOST = "host";
    static final String PORT = "port";
    static final String DATABASE = "database";
    static final String TLS = "tls";
    static final String USER = "user";
    static final String PASSWORD = "password";
    static final String AUTH_SOURCE = "auth-source";
    static final String TIMEOUT = "timeout";
    static final String CONNECTIONS = "connections";
    static final String PRESET = "preset";
    static final String TABLE = "table";
    static final String ROLES = "roles";
    static final String SUPERUSER_ROLE = "superuser-role";
    static final String CHUNK = "chunk";
    static final String COST = "cost";
    static final String REFUSAL_TIME = "refusal-time";

    // Nobody becomes an administrator unless it is configured
    static final String DEFAULT_ROLES = "user=user";

    static final String DEFAULT_AUTH_SOURCE = "admin";

    /** The value instead of a column's name if the table does not have the preset's column. */
    static final String NO_COLUMN = "-";

    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern TABLE_NAME = Pattern.compile("(%1$s\\.)?%1$s".formatted(IDENTIFIER.pattern()));

    private static final Pattern COLLECTION_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,119}");

    /**
     * The configuration as it is stored: a secret of the vault is still its name.
     *
     * @throws ComponentValidationException with the option's name if a value is missing or wrong
     */
    static Settings of(ComponentModel component) {
        return of(component, UnaryOperator.identity());
    }

    /**
     * The configuration with its secrets.
     *
     * @param vault the vault of the component's realm
     * @throws ComponentValidationException with the option's name if a value is missing or wrong, or the vault does not have the
     *     secret
     */
    static Settings of(ComponentModel component, VaultTranscriber vault) {
        return of(component, value -> secret(vault, value));
    }

    private static String secret(VaultTranscriber vault, String value) {
        try (VaultStringSecret secret = vault.getStringSecret(value)) {
            return secret.get()
                    .orElseThrow(() -> wrong(PASSWORD, "is not in the vault"))
                    .strip();
        }
    }

    private static Settings of(ComponentModel component, UnaryOperator<String> secrets) {
        Reader reader = new Reader(component);
        Vendor vendor = reader.choice(VENDOR, Vendor::of);
        return new Settings(
                vendor,
                hosts(reader, vendor),
                reader.matching(DATABASE, DATABASE_NAME),
                reader.choice(TLS, Tls::of),
                user(reader, vendor),
                reader.text(PASSWORD).map(secrets).orElse(""),
                reader.text(AUTH_SOURCE).isPresent()
                        ? reader.matching(AUTH_SOURCE, DATABASE_NAME)
                        : DEFAULT_AUTH_SOURCE,
                reader.number(TIMEOUT, 2_000, 100, 60_000),
                reader.number(CONNECTIONS, 4, 1, 100),
                reader.matching(TABLE, vendor == Vendor.MONGODB ? COLLECTION_NAME : TABLE_NAME),
                columns(reader, vendor),
                roles(reader.roles()),
                reader.text(SUPERUSER_ROLE).orElse(null),
                reader.number(CHUNK, 200, 1, 1_000),
                reader.number(COST, 12, BcryptHash.MIN_COST, BcryptHash.MAX_COST),
                reader.number(REFUSAL_TIME, 50, 0, 5_000));
    }

    Optional<String> column(Field field) {
        return Optional.ofNullable(columns.get(field));
    }

    /** The field that users of the old service signed in with: the user name, or the address if there are no user names. */
    Field login() {
        return columns.containsKey(Field.USERNAME) ? Field.USERNAME : Field.EMAIL;
    }

    /** The columns that lookups search: that of the sign-in, and that of the address if it is another one. */
    List<String> lookUpColumns() {
        return Stream.of(login(), Field.EMAIL)
                .flatMap(field -> column(field).stream())
                .distinct()
                .toList();
    }

    /** The first host. SQL databases have only one. */
    Host host() {
        return hosts.get(0);
    }

    private static List<Host> hosts(Reader reader, Vendor vendor) {
        int port = reader.number(PORT, vendor.port(), 1, 65_535);
        List<Host> hosts = Stream.of(reader.text(HOST).orElse("").split(",", -1))
                .map(host -> Host.of(host.strip(), port).orElseThrow(() -> wrong(HOST, "is missing or no host")))
                .toList();
        if (hosts.size() > 1 && vendor != Vendor.MONGODB) {
            throw wrong(HOST, "must be one");
        }
        return hosts;
    }

    private static String user(Reader reader, Vendor vendor) {
        Optional<String> user = reader.text(USER);
        if (user.isEmpty() && vendor != Vendor.MONGODB) {
            throw wrong(USER, "is missing");
        }
        return user.orElse("");
    }

    private static Map<Field, String> columns(Reader reader, Vendor vendor) {
        Preset preset = reader.choice(PRESET, Preset::of);
        Map<Field, String> columns = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            reader.text(field.option())
                    .or(() -> preset.column(field, vendor))
                    .filter(name -> !name.equals(NO_COLUMN))
                    .ifPresent(name -> columns.put(field, identifier(field.option(), name)));
        }
        if (!columns.containsKey(Field.ID)) {
            throw wrong(Field.ID.option(), "is missing");
        }
        if (!columns.containsKey(Field.HASHED_PASSWORD)) {
            throw wrong(Field.HASHED_PASSWORD.option(), "is missing");
        }
        if (!columns.containsKey(Field.EMAIL) && !columns.containsKey(Field.USERNAME)) {
            throw wrong(Field.USERNAME.option(), "is missing, as is " + Field.EMAIL.option());
        }
        return columns;
    }

    private static String identifier(String option, String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw wrong(option, "may have letters, digits and underscores only");
        }
        return name;
    }

    private static Map<String, String> roles(String text) {
        Map<String, String> roles = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            if (!pair.isBlank()) {
                String[] names = pair.split("=", -1);
                if (names.length != 2 || names[0].isBlank() || names[1].isBlank()) {
                    throw wrong(ROLES, "must be pairs such as user=user, separated by commas");
                }
                roles.put(names[0].strip(), names[1].strip());
            }
        }
        return roles;
    }

    private static ComponentValidationException wrong(String option, String what) {
        return new ComponentValidationException(option + " " + what);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return vendor.id() + "://" + hosts + "/" + database + "/" + table;
    }

    /** Reads options. Its exceptions have the option's name. */
    private record Reader(ComponentModel component) {

        Optional<String> text(String option) {
            return Optional.ofNullable(component.get(option)).map(String::strip).filter(text -> !text.isEmpty());
        }

        // An absent option has the default value, as in the console. An empty option means no roles
        String roles() {
            return Optional.ofNullable(component.get(ROLES)).orElse(DEFAULT_ROLES);
        }

        String matching(String option, Pattern pattern) {
            String text = text(option).orElseThrow(() -> wrong(option, "is missing"));
            if (!pattern.matcher(text).matches()) {
                throw wrong(option, "has characters that it may not have");
            }
            return text;
        }

        int number(String option, int defaultValue, int min, int max) {
            try {
                int number = text(option).map(Integer::parseInt).orElse(defaultValue);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw wrong(option, "is no number");
            }
            throw wrong(option, "must be between " + min + " and " + max);
        }

        <T> T choice(String option, Function<String, Optional<T>> values) {
            return text(option).flatMap(values).orElseThrow(() -> wrong(option, "is missing or unknown"));
        }
    }
}
