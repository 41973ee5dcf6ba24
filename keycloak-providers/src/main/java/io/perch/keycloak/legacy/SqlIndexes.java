package io.perch.keycloak.legacy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Indexes for lookups in an SQL table. The database itself says whether a lookup can use one ({@code explain}), because that
 * depends on more than an index's columns: on its expression, its condition, and collations.
 */
final class SqlIndexes {

    /** Creates the statement of a lookup by a column. Its parameters are set. */
    @FunctionalInterface
    interface LookUp {
        PreparedStatement prepare(String prefix, Comparison comparison) throws SQLException;
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+");

    private static final Pattern INDEX_IN_PLAN =
            Pattern.compile("(?: using |Bitmap Index Scan on )(\"(?:[^\"]|\"\")+\"|\\S+)");

    /** Those of some indexes that begin with a column. */
    private static final String COLUMNS_FIRST = """
            select 1 from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = any (?) and i.indkey[0] <> 0
            """;

    /** The class of SQL states for syntax errors and unknown or forbidden names. */
    private static final String SYNTAX_OR_ACCESS = "42";

    private static final String GENERAL_ERROR = "HY000";

    /** Errors of MySQL and MariaDB: a mix of collations (two, three and more values), and an unknown collation. */
    private static final Set<Integer> COLLATION_ERRORS = Set.of(1267, 1270, 1271, 1273);

    private static final String COLLATION = """
            select character_set_name, collation_name, character_maximum_length from information_schema.columns
            where table_schema = %s and table_name = ? and column_name = ?
            """;

    private final Settings settings;
    private final Dialect dialect;
    private final Map<String, Comparison> comparisons = new ConcurrentHashMap<>();

    SqlIndexes(Settings settings, Dialect dialect) {
        this.settings = settings;
        this.dialect = dialect;
    }

    /** The comparison for a column. It is remembered. */
    Comparison comparison(Connection connection, String column) throws SQLException {
        Comparison known = comparisons.get(column);
        if (known != null) {
            return known;
        }
        Comparison comparison = dialect == Dialect.POSTGRESQL
                ? Comparison.lowered(dialect.quoted(column))
                : byCollation(connection, column);
        comparisons.put(column, comparison);
        return comparison;
    }

    /** Forgets the comparison for a column, because the column may have changed. */
    void forget(String column) {
        comparisons.remove(column);
    }

    /**
     * Forgets the comparison for a column if a lookup has failed with an error of its syntax, its names or its collations. After any other
     * error, such as a timeout, a second query before the next lookup would only make that one slower.
     */
    void failed(String column, SQLException e) {
        String state = e.getSQLState();
        if (state != null
                && (state.startsWith(SYNTAX_OR_ACCESS)
                        || (state.equals(GENERAL_ERROR) && COLLATION_ERRORS.contains(e.getErrorCode())))) {
            forget(column);
        }
    }

    private Comparison byCollation(Connection connection, String column) throws SQLException {
        List<String> table = List.of(settings.table().split("\\.", -1));
        boolean hasSchema = table.size() > 1;
        try (PreparedStatement statement =
                connection.prepareStatement(COLLATION.formatted(hasSchema ? "?" : "database()"))) {
            int index = 1;
            for (String name : table) {
                statement.setString(index++, name);
            }
            statement.setString(index, column);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? byCollation(row, column) : Comparison.lowered(dialect.quoted(column));
            }
        }
    }

    private Comparison byCollation(ResultSet row, String column) throws SQLException {
        String charset = row.getString(1);
        String collation = row.getString(2);
        // Other collations distinguish case, and a column that is no text has none
        if (charset == null
                || collation == null
                || !collation.toLowerCase(Locale.ROOT).endsWith("_ci")
                || !NAME.matcher(charset).matches()
                || !NAME.matcher(collation).matches()) {
            return Comparison.lowered(dialect.quoted(column));
        }
        return Comparison.collated(dialect.quoted(column), charset, collation, row.getLong(3));
    }

    /** Whether the database can use an index for a lookup, however few rows the table has. */
    boolean isUsed(Connection connection, Comparison comparison, LookUp lookUp) throws SQLException {
        return dialect == Dialect.POSTGRESQL
                ? isUsedByPostgreSql(connection, comparison, lookUp)
                : isPossible(comparison, lookUp);
    }

    // PostgreSQL reads a small table as a whole although it has an index, unless that is switched off
    private static boolean isUsedByPostgreSql(Connection connection, Comparison comparison, LookUp lookUp)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement noScans =
                        connection.prepareStatement("select set_config('enable_seqscan', 'off', true)");
                ResultSet set = noScans.executeQuery();
                PreparedStatement explain = lookUp.prepare("explain ", comparison)) {
            set.next();
            // A plan may have more lines than a lookup has rows
            explain.setMaxRows(0);
            List<String> plan = new ArrayList<>();
            try (ResultSet lines = explain.executeQuery()) {
                while (lines.next()) {
                    plan.add(lines.getString(1));
                }
            }
            // A partitioned table has an index for each partition
            boolean used = plan.stream().anyMatch(line -> line.contains("Index Cond:"))
                    && plan.stream().noneMatch(line -> line.contains("Seq Scan on"))
                    && beginWithAnExpression(connection, plan);
            connection.rollback();
            connection.setAutoCommit(true);
            return used;
        }
    }

    // If another column comes first, PostgreSQL can use the index, but reads all of it
    private static boolean beginWithAnExpression(Connection connection, List<String> plan) throws SQLException {
        String[] names = plan.stream()
                .flatMap(line -> INDEX_IN_PLAN.matcher(line).results())
                .map(index -> index.group(1))
                .map(name -> name.startsWith("\"")
                        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                        : name)
                .toArray(String[]::new);
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS_FIRST)) {
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet others = statement.executeQuery()) {
                return !others.next();
            }
        }
    }

    private static boolean isPossible(Comparison comparison, LookUp lookUp) throws SQLException {
        try (PreparedStatement explain = lookUp.prepare("explain ", comparison);
                ResultSet tables = explain.executeQuery()) {
            boolean possible = true;
            while (tables.next()) {
                possible &= tables.getString("table") == null || tables.getString("possible_keys") != null;
            }
            return possible;
        }
    }

    /** What makes lookups by a column fast. */
    String remedy(String column, Comparison comparison) {
        String table = Stream.of(settings.table().split("\\.", -1))
                .map(dialect::quoted)
                .reduce("", SqlIndexes::joined);
        String name = dialect.quoted("perch_" + column.substring(0, Math.min(column.length(), 50)));
        boolean isLowered = !comparison.left().equals(dialect.quoted(column));
        return switch (dialect) {
            // Without a lock on the table. PostgreSQL chooses the name
            case POSTGRESQL -> "create index concurrently on " + table + " (" + comparison.indexed() + ")";
            case MYSQL ->
                "create index " + name + " on " + table + " ("
                        + (isLowered ? "(" + comparison.indexed() + ")" : comparison.indexed()) + ")";
            case MARIADB ->
                isLowered
                        ? "a collation of " + dialect.quoted(column)
                                + " that ignores case, and an index on it: MariaDB has no index on an expression"
                        : "create index " + name + " on " + table + " (" + comparison.indexed() + ")";
        };
    }

    private static String joined(String schema, String table) {
        return schema.isEmpty() ? table : schema + "." + table;
    }
}
