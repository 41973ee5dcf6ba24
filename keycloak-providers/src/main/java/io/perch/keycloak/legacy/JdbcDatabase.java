package io.perch.keycloak.legacy;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Users in an SQL table. The names of the table and its columns are validated and quoted. All other input is a bound parameter. */
final class JdbcDatabase extends UserLookups {

    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1", "on", "active", "enabled");

    private static final Logger LOG = Logger.getLogger(JdbcDatabase.class);

    private final Dialect dialect;
    private final Connections connections;
    private final SqlIndexes indexes;
    private final String select;

    JdbcDatabase(Settings settings, Dialect dialect) {
        super(settings);
        this.dialect = dialect;
        this.connections = new Connections(settings, dialect);
        this.indexes = new SqlIndexes(settings, dialect);
        this.select = "select "
                + Stream.of(Field.values())
                        .map(field ->
                                settings.column(field).map(this::quoted).orElse("null") + " as " + quoted(field.name()))
                        .collect(Collectors.joining(", "))
                + " from " + table();
    }

    @Override
    List<LegacyUser> matches(String column, String value) {
        return connections.query(settings.timeout(), connection -> {
            try (PreparedStatement statement =
                    prepare(connection, "", indexes.comparison(connection, column), LegacyUser.lower(value))) {
                return users(statement);
            } catch (SQLException e) {
                indexes.failed(column, e);
                throw e;
            }
        });
    }

    private PreparedStatement prepare(Connection connection, String prefix, Comparison comparison, String value)
            throws SQLException {
        List<String> spellings = spellings(value);
        PreparedStatement statement =
                connection.prepareStatement(prefix + select + " where " + comparison.in(spellings.size()));
        statement.setMaxRows(MAX_MATCHES);
        for (int i = 0; i < spellings.size(); i++) {
            statement.setString(i + 1, spellings.get(i));
        }
        return statement;
    }

    // Old services stored the text as it was typed, for example with the blank that a phone's keyboard adds. With
    // trim() in the query the database could not use an index
    private static List<String> spellings(String value) {
        return List.of(value, value + " ", " " + value, value + "\n", value + "\r\n", value + "\t");
    }

    @Override
    public List<LegacyUser> chunk(@Nullable String after, @Nullable Instant since, int size) {
        List<String> changed = since == null
                ? List.of()
                : Stream.of(Field.CREATED_AT, Field.UPDATED_AT)
                        .flatMap(field -> settings.column(field).stream())
                        .map(column -> quoted(column) + " >= ?")
                        .toList();
        List<String> conditions = new ArrayList<>();
        if (after != null) {
            conditions.add(id() + " > ?");
        }
        if (!changed.isEmpty()) {
            conditions.add("(" + String.join(" or ", changed) + ")");
        }
        String sql = select + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions)) + " order by "
                + id() + " limit ?";
        return connections.query(BULK_TIMEOUT_MILLIS, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                int index = 1;
                if (after != null) {
                    bindId(connection, statement, index++, after);
                }
                for (int i = 0; i < changed.size() && since != null; i++) {
                    statement.setTimestamp(index++, Timestamp.from(since), utc());
                }
                statement.setInt(index, size);
                return users(statement);
            }
        });
    }

    // PostgreSQL does not compare a number with a text
    private void bindId(Connection connection, PreparedStatement statement, int index, String id) throws SQLException {
        switch (JDBCType.valueOf(idType(connection))) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> statement.setLong(index, Long.parseLong(id));
            case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR -> statement.setString(index, id);
            default -> statement.setObject(index, id, Types.OTHER);
        }
    }

    private int idType(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("select " + id() + " from " + table() + " where 1 = 0");
                ResultSet none = statement.executeQuery()) {
            return none.getMetaData().getColumnType(1);
        }
    }

    @Override
    public long count() {
        return connections.query(BULK_TIMEOUT_MILLIS, connection -> {
            try (PreparedStatement statement = connection.prepareStatement("select count(*) from " + table());
                    ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0L;
            }
        });
    }

    @Override
    public void check() {
        connections.query(Math.max(settings.timeout(), 2_000), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(select + " where 1 = 0")) {
                return users(statement);
            }
        });
    }

    @Override
    public List<MissingIndex> missingIndexes() {
        return settings.lookUpColumns().stream()
                .flatMap(column ->
                        connections
                                .query(MissingIndex.TIMEOUT_MILLIS, connection -> missingIndex(connection, column))
                                .stream())
                .toList();
    }

    private Optional<MissingIndex> missingIndex(Connection connection, String column) throws SQLException {
        indexes.forget(column);
        Comparison comparison = indexes.comparison(connection, column);
        boolean used = indexes.isUsed(
                connection, comparison, (prefix, compared) -> prepare(connection, prefix, compared, "nobody"));
        return used ? Optional.empty() : Optional.of(new MissingIndex(column, indexes.remedy(column, comparison)));
    }

    private static List<LegacyUser> users(PreparedStatement statement) throws SQLException {
        List<LegacyUser> users = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                users.add(user(rows));
            }
        }
        return users;
    }

    private static LegacyUser user(ResultSet row) throws SQLException {
        String id = text(row, Field.ID);
        if (id == null) {
            throw new SQLException("A row without a key", "22004");
        }
        return new LegacyUser(
                id,
                text(row, Field.EMAIL),
                text(row, Field.USERNAME),
                text(row, Field.HASHED_PASSWORD),
                text(row, Field.FIRST_NAME),
                text(row, Field.LAST_NAME),
                text(row, Field.PHONE),
                text(row, Field.ROLE),
                flag(row, Field.IS_ACTIVE, true),
                flag(row, Field.IS_VERIFIED, false),
                flag(row, Field.IS_SUPERUSER, false),
                time(row, Field.CREATED_AT));
    }

    private static @Nullable String text(ResultSet row, Field field) throws SQLException {
        // Python's bcrypt returns the hash as bytes
        String text = row.getObject(field.name()) instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : row.getString(field.name());
        return text == null || text.isBlank() ? null : text.strip();
    }

    // An unreadable value counts as false, because true would give more rights
    private static boolean flag(ResultSet row, Field field, boolean defaultValue) throws SQLException {
        Object value = row.getObject(field.name());
        if (value == null) {
            return defaultValue;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.longValue() > 0;
        }
        if (value instanceof byte[] bits) {
            return bits.length > 0 && bits[bits.length - 1] == 1;
        }
        return TRUE.contains(LegacyUser.lower(value.toString().strip()));
    }

    // An invalid time, such as MySQL's zero date, must not prevent the import of the user
    private static @Nullable Instant time(ResultSet row, Field field) {
        try {
            Timestamp time = row.getTimestamp(field.name(), utc());
            return time == null ? null : time.toInstant();
        } catch (SQLException e) {
            LOG.debugf(e, "legacy_time_left_out column=%s", field.option());
            return null;
        }
    }

    private static Calendar utc() {
        return Calendar.getInstance(TimeZone.getTimeZone("UTC"));
    }

    private String id() {
        return quoted(settings.column(Field.ID).orElseThrow());
    }

    private String table() {
        return Stream.of(settings.table().split("\\.", -1)).map(this::quoted).collect(Collectors.joining("."));
    }

    private String quoted(String name) {
        return dialect.quoted(name);
    }

    @Override
    public void close() {
        connections.close();
    }
}
