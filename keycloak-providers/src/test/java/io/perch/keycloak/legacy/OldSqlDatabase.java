package io.perch.keycloak.legacy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A database server with a table of users. */
abstract class OldSqlDatabase extends OldDatabase {

    /** The table of the JWT authentication microservice, from its documentation. */
    private static final String TABLE = """
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

    /** A statement that removes the unique constraint on addresses. */
    abstract String withoutUniqueAddresses();

    /** A statement that makes the column of the hashes one of bytes, and keeps the hashes. */
    abstract String hashAsBytes();

    void run(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:" + vendor() + "://localhost:" + port() + "/" + database(), user(), "");
    }

    @Override
    void clear() {
        run("drop table if exists users", TABLE);
    }

    @Override
    void drop() {
        run("drop table users");
    }

    @Override
    void allowDuplicates() {
        run(withoutUniqueAddresses());
    }

    @Override
    void add(List<Map<String, Object>> rows) {
        List<String> columns = List.copyOf(rows.get(0).keySet());
        execute(
                "insert into users (" + String.join(", ", columns) + ") values ("
                        + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")",
                columns,
                rows);
    }

    @Override
    void change(String username, Map<String, Object> changed) {
        List<String> columns = List.copyOf(changed.keySet());
        execute(
                "update users set "
                        + columns.stream().map(name -> name + " = ?").collect(Collectors.joining(", "))
                        + " where username like '" + username + "'",
                columns,
                List.of(changed));
    }

    private void execute(String sql, List<String> columns, List<Map<String, Object>> rows) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            connection.setAutoCommit(false);
            for (Map<String, Object> row : rows) {
                for (int i = 0; i < columns.size(); i++) {
                    Object value = row.get(columns.get(i));
                    statement.setObject(
                            i + 1,
                            value instanceof Instant time ? LocalDateTime.ofInstant(time, ZoneOffset.UTC) : value);
                }
                statement.addBatch();
            }
            statement.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // The table cannot be read meanwhile
    @Override
    AutoCloseable freeze() {
        try {
            Connection connection = connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(lock());
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A statement that locks the table against reads until the connection is closed. */
    abstract String lock();
}
