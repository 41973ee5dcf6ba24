package io.perch.keycloak.legacy;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A pool of connections to the old database. It has at most the configured number, and keeps them open between queries. */
final class Connections implements AutoCloseable {

    /** A query to the database. */
    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    // The shortest timeout of a query, even if the connection has taken almost all of the time
    private static final int MIN_MILLIS = 100;

    private static final Logger LOG = Logger.getLogger(Connections.class);

    private final Settings settings;
    private final Dialect dialect;
    private final Semaphore permits;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Connections(Settings settings, Dialect dialect) {
        this.settings = settings;
        this.dialect = dialect;
        this.permits = new Semaphore(settings.connections());
    }

    /**
     * Runs a query and returns its result.
     *
     * @param millis the timeout, including the wait for a connection
     * @throws LegacyDatabaseException if there is no result in time, or the query fails
     */
    <T> T query(int millis, Query<T> query) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            if (!permits.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                throw new LegacyDatabaseException("all connections are busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyDatabaseException("all connections are busy", e);
        }
        try {
            return run(deadline, query);
        } finally {
            permits.release();
        }
    }

    private <T> T run(long deadline, Query<T> query) {
        Connection connection = null;
        boolean reusable = false;
        try {
            connection = connection(deadline);
            connection.setNetworkTimeout(Runnable::run, left(deadline));
            T result = query.run(connection);
            reusable = true;
            return result;
        } catch (SQLException e) {
            throw new LegacyDatabaseException(reason(e), e);
        } finally {
            release(connection, reusable);
        }
    }

    // An idle connection may be closed by now, which is detected only when it is used
    private Connection connection(long deadline) throws SQLException {
        for (Connection known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
            known.setNetworkTimeout(Runnable::run, left(deadline));
            if (known.isValid(1)) {
                return known;
            }
            closeQuietly(known);
        }
        return open(left(deadline));
    }

    private Connection open(int millis) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        dialect.secure(properties, settings.tls());
        dialect.limit(properties, millis);
        String url = "jdbc:%s://%s/%s".formatted(dialect.id(), settings.host(), settings.database());
        Connection connection = driver().connect(url, properties);
        if (connection == null) {
            throw new LegacyDatabaseException("the driver does not take the address");
        }
        connection.setReadOnly(true);
        return connection;
    }

    // Keycloak's own driver. A server has only the drivers for the databases that it was built for
    private Driver driver() {
        try {
            return Class.forName(dialect.driver())
                    .asSubclass(Driver.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LegacyDatabaseException(
                    "this server has no driver for " + dialect.id() + ": build it with --db-kind-legacy="
                            + dialect.keycloakName(),
                    e);
        }
    }

    private static int left(long deadline) {
        return (int) Math.max(MIN_MILLIS, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    // The SQL state is a standard code. The message is left out, because it may contain the query's values
    private static String reason(SQLException e) {
        return "the database says " + e.getSQLState();
    }

    private void release(@Nullable Connection connection, boolean reusable) {
        if (connection == null) {
            return;
        }
        if (reusable && !closed) {
            idle.addFirst(connection);
        } else {
            closeQuietly(connection);
        }
    }

    // The connection is not used again, so an error does not matter
    private static void closeQuietly(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("legacy_connection_not_closed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Connection known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
            closeQuietly(known);
        }
    }
}
