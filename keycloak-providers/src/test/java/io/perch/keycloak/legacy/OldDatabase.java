package io.perch.keycloak.legacy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A database server as an old service has one, with {@code users}; {@link #close} stops it. */
abstract class OldDatabase implements AutoCloseable {

    /** Of {@code correct horse battery}, by Python's bcrypt 4.0.1. */
    static final String HASH = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    /** Of the same, by argon2-cffi 25.1.0 as FastAPI's template uses it. */
    static final String ARGON2_HASH =
            "$argon2id$v=19$m=65536,t=3,p=4$+ay72HksDSpAW3hEMLVBDA" + "$GiuweIupOAWRT60sNmDXq8I8Ad5KiwQJLzpatWQ9QTs";

    static final String PASSWORD = "correct horse battery";

    /** Of {@code another horse battery}, by the same. */
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

    /** Takes all users away, with whatever else a test did to them. */
    abstract void clear();

    /** From here on it has no users, nor where to look for them. */
    abstract void drop();

    /** From here on rows may have the same name or address. */
    abstract void allowDuplicates();

    /** Adds rows, in each of which are the same columns. */
    abstract void add(List<Map<String, Object>> rows);

    /** Changes columns of one user, or of all where {@code username} is {@code %}. */
    abstract void change(String username, Map<String, Object> columns);

    /** Lets questions wait until it is closed. */
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

    /** Its name in a report. */
    @Override
    public String toString() {
        return vendor();
    }

    @Override
    public abstract void close();
}
