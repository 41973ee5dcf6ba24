package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the collation of a column is read again. */
class SqlIndexesTest {

    private final AtomicInteger queries = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "an unknown column, 42S22, 1054, 2",
        "a wrong statement, 42000, 1064, 2",
        "a collation of another character set, 42000, 1253, 2",
        "a mix of two collations, HY000, 1267, 2",
        "an unknown collation, HY000, 1273, 2",
        "a timeout of the network, 08S01, 0, 1",
        "a connection that is refused, 08000, 0, 1",
        "a timeout of the statement in MySQL, HY000, 3024, 1",
        "a timeout of the statement in MariaDB, 70100, 1969, 1",
        "too many connections, HY000, 1040, 1",
        "a shutdown, 57P01, 0, 1",
        "no state, , 0, 1"
    })
    void theCollationIsReadAgainIfALookupFailsBy(String error, @Nullable String state, int code, int expected)
            throws SQLException {
        SqlIndexes indexes = new SqlIndexes(OldSettings.of("mysql", "old"), Dialect.MYSQL);
        Comparison first = indexes.comparison(connection(), "email");

        indexes.failed("email", new SQLException(error, state, code));

        assertEquals(first, indexes.comparison(connection(), "email"));
        assertEquals(expected, queries.get());
    }

    /** A server without the column, which counts its queries. */
    private Connection connection() {
        ResultSet none = stub(ResultSet.class, Map.of("next", false));
        PreparedStatement statement = stub(PreparedStatement.class, Map.of("executeQuery", none));
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    queries.incrementAndGet();
                    return statement;
                });
    }

    private static <T> T stub(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
