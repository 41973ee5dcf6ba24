package io.perch.keycloak.legacy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL. */
final class OldPostgreSql extends OldSqlDatabase {

    private final EmbeddedPostgres server;

    OldPostgreSql() {
        this(EmbeddedPostgres.builder());
    }

    /** A server that also accepts TLS. */
    OldPostgreSql(ServerCertificate tls) {
        this(EmbeddedPostgres.builder()
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", tls.certificate().toString())
                .setServerConfig("ssl_key_file", tls.key().toString()));
    }

    private OldPostgreSql(EmbeddedPostgres.Builder builder) {
        try {
            server = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clear();
    }

    /** Lets a role connect only with its password. All others still need none. */
    void requirePassword(String role) throws SQLException, IOException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            Path rules;
            try (ResultSet file = statement.executeQuery("show hba_file")) {
                file.next();
                rules = Path.of(file.getString(1));
            }
            // The first rule that matches counts
            Files.writeString(rules, "host all " + role + " all scram-sha-256\n" + Files.readString(rules));
            statement.execute("select pg_reload_conf()");
        }
    }

    @Override
    String vendor() {
        return "postgresql";
    }

    @Override
    int port() {
        return server.getPort();
    }

    @Override
    String database() {
        return "postgres";
    }

    @Override
    String user() {
        return "postgres";
    }

    @Override
    String withoutUniqueAddresses() {
        return "alter table users drop constraint users_email_key";
    }

    @Override
    String hashAsBytes() {
        return "alter table users alter column hashed_password type bytea using convert_to(hashed_password, 'UTF8')";
    }

    @Override
    String lock() {
        return "lock table users in access exclusive mode";
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
