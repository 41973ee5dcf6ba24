package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.ComponentValidationException;

/**
 * A component's configuration, validated: parts of an address instead of a JDBC URL, in which whoever administers a realm
 * could name classes and files of the server.
 *
 * @param hosts one, or the members of a replica set
 * @param user empty for none
 * @param authSource the database that has the user, for MongoDB
 * @param timeout milliseconds within which a sign-in hears of the old database
 * @param connections how many questions it is asked at the same time
 * @param columns the mapped fields only
 * @param roles Keycloak's roles for the old ones
 * @param superuserRole null for none
 * @param cost of the most expensive hash in the table
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
        int cost) {

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

    // Nobody becomes an administrator here without being told so
    static final String DEFAULT_ROLES = "user=user";

    static final String DEFAULT_AUTH_SOURCE = "admin";

    /** In place of a column's name, for a column of the preset that the table does not have. */
    static final String NO_COLUMN = "-";

    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern TABLE_NAME = Pattern.compile("(%1$s\\.)?%1$s".formatted(IDENTIFIER.pattern()));

    private static final Pattern COLLECTION_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,119}");

    /** @throws ComponentValidationException where a value is missing or wrong; it names the option */
    static Settings of(ComponentModel component) {
        Reader reader = new Reader(component);
        Vendor vendor = reader.choice(VENDOR, Vendor::of);
        return new Settings(
                vendor,
                hosts(reader, vendor),
                reader.matching(DATABASE, DATABASE_NAME),
                reader.choice(TLS, Tls::of),
                user(reader, vendor),
                reader.text(PASSWORD).orElse(""),
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
                reader.number(COST, 12, BcryptHash.MIN_COST, BcryptHash.MAX_COST));
    }

    Optional<String> column(Field field) {
        return Optional.ofNullable(columns.get(field));
    }

    /** What the old service's users signed in with: where it kept no user names, their addresses. */
    Field login() {
        return columns.containsKey(Field.USERNAME) ? Field.USERNAME : Field.EMAIL;
    }

    /** The only host, or the first. */
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

    /** Everything but the password. */
    @Override
    public String toString() {
        return vendor.id() + "://" + hosts + "/" + database + "/" + table;
    }

    /** Reads options and says which one is wrong. */
    private record Reader(ComponentModel component) {

        Optional<String> text(String option) {
            return Optional.ofNullable(component.get(option)).map(String::strip).filter(text -> !text.isEmpty());
        }

        // Left out is the default, as in the console; emptied is none
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

        int number(String option, int otherwise, int least, int most) {
            try {
                int number = text(option).map(Integer::parseInt).orElse(otherwise);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw wrong(option, "is no number");
            }
            throw wrong(option, "must be between " + least + " and " + most);
        }

        <T> T choice(String option, Function<String, Optional<T>> values) {
            return text(option).flatMap(values).orElseThrow(() -> wrong(option, "is missing or unknown"));
        }
    }
}
