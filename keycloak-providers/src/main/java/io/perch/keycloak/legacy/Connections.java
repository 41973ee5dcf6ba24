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

/** A few connections to the old database: no more at a time than it was said to bear, kept open between questions. */
final class Connections implements AutoCloseable {

    /** A question to the database. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    // A question that is asked at all gets this, however long its connection took
    private static final int LEAST_MILLIS = 100;

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
     * The answer.
     *
     * @param millis within which it must come, from now on
     * @throws LegacyDatabaseException where it does not come in time, or is an error
     */
    <T> T ask(int millis, Question<T> question) {
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
            return askNow(deadline, question);
        } finally {
            permits.release();
        }
    }

    private <T> T askNow(long deadline, Question<T> question) {
        Connection connection = null;
        boolean sound = false;
        try {
            connection = connection(deadline);
            connection.setNetworkTimeout(Runnable::run, left(deadline));
            T answer = question.ask(connection);
            sound = true;
            return answer;
        } catch (SQLException e) {
            throw new LegacyDatabaseException(reason(e), e);
        } finally {
            giveBack(connection, sound);
        }
    }

    // An old connection may be dead by now, which only shows when it is used
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

    // Keycloak's own: of its drivers a server has only those for the databases that it was built for
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
        return (int) Math.max(LEAST_MILLIS, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    // The state is the standard's code; the message may repeat what was asked for
    private static String reason(SQLException e) {
        return "the database says " + e.getSQLState();
    }

    private void giveBack(@Nullable Connection connection, boolean sound) {
        if (connection == null) {
            return;
        }
        if (sound && !closed) {
            idle.addFirst(connection);
        } else {
            closeQuietly(connection);
        }
    }

    // It is of no use any more, whatever it says
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
