package io.perch.keycloak.legacy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.keycloak.component.ComponentModel;

/** A database server of an old service, with {@code users}. {@link #close} stops it. */
abstract class OldDatabase implements AutoCloseable {

    /** The hash of {@code correct horse battery} by Python's bcrypt 4.0.1. */
    static final String HASH = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    /** The hash of the same password by argon2-cffi 25.1.0, as in FastAPI's template. */
    static final String ARGON2_HASH =
            "$argon2id$v=19$m=65536,t=3,p=4$+ay72HksDSpAW3hEMLVBDA" + "$GiuweIupOAWRT60sNmDXq8I8Ad5KiwQJLzpatWQ9QTs";

    static final String PASSWORD = "correct horse battery";

    /** The hash of {@code another horse battery}, by the same library. */
    static final String OTHER_HASH = "$2b$05$abcdefghijklmnopqrstuu3YCMM140Wfho5Gp4N8LHLh2nNku8giq";

    static final String OTHER_PASSWORD = "another horse battery";

    static OldSqlDatabase postgresql() {
        return new OldPostgreSql();
    }

    static OldSqlDatabase mariadb() {
        return new OldMariaDb();
    }

    static OldMongoDb mongodb() {
        return new OldMongoDb();
    }

    abstract String vendor();

    abstract int port();

    abstract String database();

    abstract String user();

    /** Removes all users and all other changes of a test. */
    abstract void clear();

    /** Removes the table or collection of the users. */
    abstract void drop();

    /** Allows several rows with the same name or address. */
    abstract void allowDuplicates();

    /** Adds rows. All must have the same columns. */
    abstract void add(List<Map<String, Object>> rows);

    /** Changes columns of one user, or of all if {@code username} is {@code %}. */
    abstract void change(String username, Map<String, Object> columns);

    /** Blocks queries until the result is closed. */
    abstract AutoCloseable freeze();

    /** Adds a user with a password. */
    void add(String username, String email, Map<String, Object> more) {
        Map<String, Object> row = new HashMap<>(more);
        row.put("username", username);
        row.put("email", email);
        row.putIfAbsent("hashed_password", HASH);
        add(List.of(row));
    }

    /** Adds users {@code <name>1} to {@code <name>n}, with verified addresses and one password. */
    void addUsers(String name, int number) {
        add(IntStream.rangeClosed(1, number)
                .mapToObj(i -> Map.<String, Object>of(
                        "email",
                        name + i + "@perch.example",
                        "username",
                        name + i,
                        "hashed_password",
                        HASH,
                        "first_name",
                        "Ada",
                        "last_name",
                        "Perch",
                        "is_verified",
                        true))
                .toList());
    }

    /** Connects to this database as the providers do, with more options as {@code name, value, name, value}. */
    LegacyDatabase open(String... options) {
        ComponentModel component = new ComponentModel();
        MovingRealm.config(this, options)
                .forEach((name, values) -> component.getConfig().put(name, values));
        Settings settings = Settings.of(component);
        return settings.vendor().open(settings);
    }

    /** Its name in a report. */
    @Override
    public String toString() {
        return vendor();
    }

    @Override
    public abstract void close();
}
