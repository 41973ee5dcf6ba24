package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries to old databases, and their results. */
class LegacyDatabaseIT extends WithOldDatabases {

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aRowIsFoundByNameAndAddressInAnyCase(OldDatabase old) {
        old.add(
                "Ada",
                "Ada@Perch.example",
                Map.of(
                        "first_name",
                        " ",
                        "role",
                        "user",
                        "is_active",
                        false,
                        "is_superuser",
                        true,
                        "created_at",
                        Instant.parse("2024-02-29T12:00:00Z")));
        try (LegacyDatabase database = old.open()) {
            database.check();
            LegacyUser ada = database.byUsername("aDA").get(0);
            assertEquals(List.of(ada), database.byEmail("ada@PERCH.example"));
            assertEquals("ada", ada.login().orElseThrow());
            assertEquals("ada@perch.example", ada.address().orElseThrow());
            assertNull(ada.firstName());
            assertEquals("user", ada.role());
            assertEquals(List.of(false, false, true), List.of(ada.active(), ada.verified(), ada.superuser()));
            assertEquals(Instant.parse("2024-02-29T12:00:00Z"), ada.createdAt());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void inputIsNeverPartOfAQuery(OldDatabase old) {
        old.addUsers("ada", 1);
        try (LegacyDatabase database = old.open()) {
            for (String name : List.of(
                    "' or 1=1 -- ",
                    "ada1' -- ",
                    "ada%",
                    "ada_",
                    "x'; drop table users; --",
                    "ädä1",
                    "ada1\0",
                    "ada.",
                    "ada1\\E|.*",
                    "{\"$ne\": null}",
                    "a".repeat(100_000))) {
                assertEquals(List.of(), database.byUsername(name), name);
                assertEquals(List.of(), database.byEmail(name), name);
            }
            assertEquals(1, database.byUsername("ada1").size());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void chunksHaveEveryRowOnceInOrder(OldDatabase old) {
        old.addUsers("ada", 25);
        try (LegacyDatabase database = old.open()) {
            assertEquals(25, database.count());
            assertEquals(25, LegacyKeys.of(database, null).size());
            assertEquals(25, LegacyKeys.of(database, null).stream().distinct().count());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void changedRowsAreThoseWithALaterTime(OldDatabase old) {
        old.addUsers("ada", 3);
        old.change("%", Map.of("created_at", Instant.parse("2020-01-01T00:00:00Z")));
        old.change("ada2", Map.of("updated_at", Instant.parse("2024-01-01T00:00:00Z")));
        try (LegacyDatabase database = old.open()) {
            assertEquals(
                    List.of(database.byUsername("ada2").get(0).row()),
                    LegacyKeys.of(database, Instant.parse("2023-12-31T23:59:59Z")));
            assertEquals(List.of(), LegacyKeys.of(database, Instant.parse("2024-01-01T00:00:01Z")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uuid", "varchar(36)", "bigint"})
    void keysMayBeOfAnyKind(String type) {
        postgresql.run(
                "drop table users",
                "create table users (id " + type + " primary key, username text, hashed_password text)");
        for (int i = 1; i <= 7; i++) {
            String id = type.equals("bigint") ? "" + i : "00000000-0000-0000-0000-00000000000" + i;
            postgresql.run("insert into users values ('" + id + "', 'ada" + i + "', '$2b$')");
        }
        try (LegacyDatabase database = postgresql.open("preset", "username-only")) {
            assertEquals(7, LegacyKeys.of(database, null).size());
            assertEquals(List.of(), database.byEmail("ada1@perch.example"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "email-role, 'id, email, hashed_password, first_name, last_name, role'",
        "email-verified,"
                + " 'id, email, hashed_password, first_name, last_name, phone, is_active, is_verified, created_at, updated_at'",
        "username-only, 'id, username, hashed_password'"
    })
    void aPresetReadsItsColumnsOnly(String preset, String columns) {
        Stream.of(postgresql, mariadb).forEach(old -> {
            old.addUsers("ada", 1);
            old.run("create table fewer as select " + columns + " from users", "drop table users");
            try (LegacyDatabase database = old.open("preset", preset, "table", "fewer")) {
                database.check();
                String login = preset.equals("username-only") ? "ada1" : "ada1@perch.example";
                assertEquals(1, database.byUsername(login).size());
            } finally {
                old.run("drop table fewer");
            }
        });
    }

    /** Python's bcrypt returns bytes, and flask-bcrypt#36 stores them so. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("sqlDatabases")
    void aHashMayBeBytesAsPythonStoresIt(OldSqlDatabase old) {
        old.addUsers("ada", 1);
        old.run(old.hashAsBytes());
        try (LegacyDatabase database = old.open()) {
            assertEquals(OldDatabase.HASH, database.byUsername("ada1").get(0).hash());
        }
    }

    /** debezium's zero dates, and airbytehq/airbyte#3931: one such row must not end a synchronization. */
    @Test
    void aRowWithValuesThatCannotBeReadIsReadWithoutThem() {
        mariadb.addUsers("ada", 3);
        mariadb.run("set sql_mode = ''", "update users set created_at = '0000-00-00 00:00:00' where username = 'ada2'");
        postgresql.addUsers("ada", 3);
        postgresql.run(
                "alter table users alter column is_active drop default, alter column is_verified drop default",
                "alter table users alter column is_active type smallint using 2",
                "alter table users alter column is_verified type varchar(20) using 'perhaps'",
                "alter table users alter column created_at drop default",
                "alter table users alter column created_at type bigint using 1709208000");
        sqlDatabases().forEach(old -> {
            try (LegacyDatabase database = old.open()) {
                assertEquals(3, database.chunk(null, null, 10).size());
                LegacyUser ada = database.byUsername("ada2").get(0);
                assertNull(ada.createdAt());
                assertTrue(ada.active());
                assertEquals(old == mariadb, ada.verified());
            }
        });
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void allRowsWithTheSameAddressAreFound(OldDatabase old) {
        old.allowDuplicates();
        old.add("a", "a@perch.example", Map.of());
        old.add("b", "A@perch.example", Map.of());
        old.add("c", "a@Perch.example", Map.of());
        try (LegacyDatabase database = old.open()) {
            assertEquals(3, database.byEmail("a@perch.example").size());
        }
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("databases")
    void aSlowQueryTimesOutAndTheNextOneWorks(OldDatabase old) throws Exception {
        old.addUsers("ada", 1);
        try (LegacyDatabase database = old.open("timeout", "500")) {
            await().ignoreExceptions().until(() -> database.byUsername("ada1").size() == 1);
            AutoCloseable freezing = old.freeze();
            long began = System.nanoTime();
            assertThrows(LegacyDatabaseException.class, () -> database.byUsername("ada1"));
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertTrue(millis >= 400 && millis < 2_000, () -> millis + " ms");
            freezing.close();
            await().ignoreExceptions().until(() -> database.byUsername("ada1").size() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql", "mongodb"})
    void aStoppedServerIsAnErrorAndNotAnEmptyResult(String vendor) {
        LegacyDatabase database;
        try (OldDatabase dying = vendor.equals("mongodb") ? OldDatabase.mongodb() : OldDatabase.postgresql()) {
            database = dying.open();
            assertEquals(List.of(), database.byUsername("ada1"));
        }
        assertThrows(LegacyDatabaseException.class, () -> database.byUsername("ada1"));
        assertThrows(LegacyDatabaseException.class, database::check);
        database.close();
    }

    @Test
    void aDatabaseThatRunsAgainIsQueriedAgain() {
        postgresql.addUsers("ada", 1);
        try (LegacyDatabase database = postgresql.open()) {
            assertEquals(1, database.byUsername("ada1").size());
            postgresql.run("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                    + " and backend_type = 'client backend'");
            assertEquals(1, database.byUsername("ada1").size());
        }
    }
}
