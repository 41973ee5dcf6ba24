package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.ComponentValidationException;

/**
 * A component's configuration, validated: parts of an address instead of a JDBC URL, in which whoever administers a realm
 * could name classes and files of the server.
 *
 * @param timeout milliseconds within which a sign-in hears of the old database
 * @param connections how many questions it is asked at the same time
 * @param columns the mapped fields only
 * @param roles Keycloak's roles for the old ones
 * @param superuserRole null for none
 * @param cost of the most expensive hash in the table
 */
record Settings(
        Vendor vendor,
        String host,
        int port,
        String database,
        Tls tls,
        String user,
        String password,
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
    static final String TIMEOUT = "timeout";
    static final String CONNECTIONS = "connections";
    static final String PRESET = "preset";
    static final String TABLE = "table";
    static final String ROLES = "roles";
    static final String SUPERUSER_ROLE = "superuser-role";
    static final String CHUNK = "chunk";
    static final String COST = "cost";

    static final String DEFAULT_ROLES = "user=user, moderator=moderator, admin=admin";

    /** In place of a column's name, for a column of the preset that the table does not have. */
    static final String NO_COLUMN = "-";

    private static final Pattern HOST_NAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern DATABASE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern TABLE_NAME = Pattern.compile("(%1$s\\.)?%1$s".formatted(IDENTIFIER.pattern()));

    /** @throws ComponentValidationException where a value is missing or wrong; it names the option */
    static Settings of(ComponentModel component) {
        Reader reader = new Reader(component);
        Vendor vendor = reader.choice(VENDOR, Vendor::of);
        return new Settings(
                vendor,
                reader.matching(HOST, HOST_NAME),
                reader.number(PORT, vendor.port(), 1, 65_535),
                reader.matching(DATABASE, DATABASE_NAME),
                reader.choice(TLS, Tls::of),
                reader.text(USER).orElseThrow(() -> wrong(USER, "is missing")),
                reader.text(PASSWORD).orElse(""),
                reader.number(TIMEOUT, 2_000, 100, 60_000),
                reader.number(CONNECTIONS, 4, 1, 100),
                reader.matching(TABLE, TABLE_NAME),
                columns(reader),
                roles(reader.roles()),
                reader.text(SUPERUSER_ROLE).orElse(null),
                reader.number(CHUNK, 200, 1, 1_000),
                reader.number(COST, 12, BcryptHash.MIN_COST, BcryptHash.MAX_COST));
    }

    Optional<String> column(Field field) {
        return Optional.ofNullable(columns.get(field));
    }

    private static Map<Field, String> columns(Reader reader) {
        Preset preset = reader.choice(PRESET, Preset::of);
        Map<Field, String> columns = new EnumMap<>(Field.class);
        for (Field field : Field.values()) {
            reader.text(field.option())
                    .or(() -> preset.column(field))
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
        return vendor.id() + "://" + host + ":" + port + "/" + database + "/" + table;
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
