package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mongodb.client.model.Collation;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookups use an index of the old database, and a missing one is reported. */
class LookUpIndexesIT extends WithOldDatabases {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void postgresqlNeedsAnIndexInLowerCase(int users) {
        addUsers(postgresql, users);
        // Unique constraints have indexes, but these distinguish case
        List<MissingIndex> missing = missing(postgresql);
        assertEquals(
                List.of(
                        new MissingIndex("username", "create index concurrently on \"users\" (lower(\"username\"))"),
                        new MissingIndex("email", "create index concurrently on \"users\" (lower(\"email\"))")),
                missing);
        missing.forEach(index -> postgresql.run(index.remedy()));
        assertEquals(List.of(), missing(postgresql));
    }

    @Test
    void anIndexOfPostgresqlThatTheLookupCannotUseIsNone() {
        postgresql.run(
                "create index on users (lower(username))",
                "create index on users (lower(email)) where is_active",
                "create index on users (upper(email))",
                "create index on users (lower(first_name), lower(email))",
                "create index on users (id, lower(email)) include (username)");
        assertEquals(List.of("email"), columns(missing(postgresql)));
        postgresql.run("create index on users (lower(email), id)");
        assertEquals(List.of(), missing(postgresql));
    }

    @Test
    void everyPartitionNeedsItsIndex() {
        postgresql.run(
                "create schema if not exists shop",
                "drop table if exists shop.customers",
                "create table shop.customers (id bigint, username text, hashed_password text) partition by range (id)",
                "create table shop.first partition of shop.customers for values from (0) to (1000)",
                "create table shop.second partition of shop.customers for values from (1000) to (2000)",
                "create index on shop.first (lower(username))");
        String[] options = {"preset", "username-only", "table", "shop.customers"};
        assertEquals(
                List.of(new MissingIndex(
                        "username", "create index concurrently on \"shop\".\"customers\" (lower(\"username\"))")),
                missing(postgresql, options));
        postgresql.run("create index on shop.customers (lower(username))");
        assertEquals(List.of(), missing(postgresql, options));
        postgresql.run("drop schema shop cascade");
    }

    @Test
    void theCheckLeavesTheConnectionAsItWas() {
        postgresql.addUsers("ada", 1);
        try (LegacyDatabase database = postgresql.open("connections", "1")) {
            for (int i = 0; i < 3; i++) {
                assertEquals(2, database.missingIndexes().size());
                assertEquals(1, database.byUsername("ada1").size());
            }
        }
    }

    @Test
    void aTableThatIsLockedDoesNotHoldUpTheCheck() throws Exception {
        try (LegacyDatabase database = postgresql.open("timeout", "60000")) {
            database.check();
            long began = System.nanoTime();
            try (AutoCloseable freezing = postgresql.freeze()) {
                assertThrows(LegacyDatabaseException.class, database::missingIndexes, freezing::toString);
            }
            long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertTrue(millis < 4_000, () -> millis + " ms");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 300})
    void mariadbNeedsAnIndexOnTheColumn(int users) {
        addUsers(mariadb, users);
        assertEquals(List.of(), missing(mariadb));
        mariadb.run(mariadb.withoutUniqueAddresses());
        List<MissingIndex> missing = missing(mariadb);
        assertEquals(List.of(new MissingIndex("email", "create index `perch_email` on `users` (`email`)")), missing);
        missing.forEach(index -> mariadb.run(index.remedy()));
        assertEquals(List.of(), missing(mariadb));
    }

    @Test
    void anIndexOnALongTextHasALength() {
        mariadb.run(mariadb.withoutUniqueAddresses(), "alter table users modify email text");
        List<MissingIndex> missing = missing(mariadb, "table", "old.users");
        assertEquals(
                List.of(new MissingIndex("email", "create index `perch_email` on `old`.`users` (`email`(255))")),
                missing);
        missing.forEach(index -> mariadb.run(index.remedy()));
        assertEquals(List.of(), missing(mariadb));
    }

    @ParameterizedTest
    @CsvSource({
        "utf8mb4, utf8mb4_general_ci",
        "utf8mb4, utf8mb4_uca1400_ai_ci",
        "utf8mb3, utf8mb3_unicode_ci",
        "latin1, latin1_swedish_ci"
    })
    void mariadbReadsOnlyTheRowsOfAUserWhateverIsAskedFor(String charset, String collation) throws SQLException {
        mariadb.run("alter table users convert to character set " + charset + " collate " + collation);
        addUsers(mariadb, 500);
        assertEquals(List.of(), missing(mariadb));
        try (LegacyDatabase database = mariadb.open()) {
            assertEquals(1, database.byUsername("ADA17").size());
            assertEquals(1, database.byEmail("Ada17@Perch.Example").size());
            long before = rowsRead();
            for (int i = 0; i < 50; i++) {
                assertEquals(1, database.byUsername("ADA" + (i + 1)).size());
                // Characters that the column's character set does not have
                assertEquals(List.of(), database.byUsername("ada" + i + "\uD83D\uDE00"));
                assertEquals(List.of(), database.byUsername("\u0430da" + i));
            }
            long read = rowsRead() - before;
            assertTrue(read < 500, () -> read + " rows read by scans");
        }
    }

    @Test
    void aCollationOfMariadbThatDistinguishesCaseIsReportedAndFindsUsers() {
        mariadb.run("alter table users convert to character set utf8mb4 collate utf8mb4_bin");
        addUsers(mariadb, 3);
        assertEquals(List.of("username", "email"), columns(missing(mariadb)));
        assertTrue(missing(mariadb).get(0).remedy().startsWith("a collation of `username`"));
        try (LegacyDatabase database = mariadb.open()) {
            assertEquals(1, database.byUsername("ADA1").size());
        }
    }

    @Test
    void aColumnThatChangesWhileItIsUsedIsReadAgain() {
        mariadb.run("alter table users convert to character set latin1 collate latin1_swedish_ci");
        addUsers(mariadb, 1);
        try (LegacyDatabase database = mariadb.open()) {
            assertEquals(1, database.byUsername("ADA1").size());
            mariadb.run("alter table users convert to character set utf8mb4 collate utf8mb4_bin");
            mariadb.run("update users set username = 'ada\u0431'");
            await().ignoreExceptions()
                    .until(() -> database.byUsername("ADA\u0411").size() == 1);
        }
    }

    @Test
    void aCollectionNeedsAnIndexThatBeginsWithTheField() {
        mongodb.addUsers("ada", 3);
        assertEquals(
                List.of(
                        new MissingIndex("username", "db.getCollection(\"users\").createIndex({\"username\": 1})"),
                        new MissingIndex("email", "db.getCollection(\"users\").createIndex({\"email\": 1})")),
                missing(mongodb));
        mongodb.users().createIndex(Indexes.descending("username"));
        mongodb.users().createIndex(Indexes.ascending("email", "role"));
        assertEquals(List.of(), missing(mongodb));
    }

    @Test
    void indexesWithACollationOrAConditionDoNotServe() {
        mongodb.users()
                .createIndex(
                        Indexes.ascending("username"),
                        new IndexOptions()
                                .collation(Collation.builder().locale("en").build()));
        mongodb.users()
                .createIndex(
                        Indexes.ascending("email"),
                        new IndexOptions().partialFilterExpression(Filters.eq("is_active", true)));
        mongodb.users().insertOne(new Document("username", "ada").append("hashed_password", OldDatabase.HASH));
        assertEquals(List.of("username", "email"), columns(missing(mongodb)));
    }

    private static void addUsers(OldSqlDatabase old, int number) {
        if (number > 0) {
            old.addUsers("ada", number);
        }
    }

    private static List<MissingIndex> missing(OldDatabase old, String... options) {
        try (LegacyDatabase database = old.open(options)) {
            return database.missingIndexes();
        }
    }

    private static List<String> columns(List<MissingIndex> indexes) {
        return indexes.stream().map(MissingIndex::column).toList();
    }

    /** The rows that MariaDB has read without an index, since its start. */
    private static long rowsRead() throws SQLException {
        try (Connection connection = mariadb.connect();
                Statement statement = connection.createStatement();
                ResultSet status = statement.executeQuery("show global status like 'Handler_read_rnd_next'")) {
            status.next();
            return status.getLong(2);
        }
    }
}
