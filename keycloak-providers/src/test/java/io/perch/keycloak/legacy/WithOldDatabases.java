package io.perch.keycloak.legacy;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test with an empty old database of each kind. */
@ExtendWith(OldDatabases.Shared.class)
@SuppressWarnings("NullAway.Init") // JUnit's methods set the fields
abstract class WithOldDatabases {

    static OldSqlDatabase postgresql;
    static OldSqlDatabase mariadb;
    static OldMongoDb mongodb;

    @BeforeAll
    static void findDatabases(OldDatabases databases) {
        postgresql = databases.postgresql();
        mariadb = databases.mariadb();
        mongodb = databases.mongodb();
    }

    static Stream<OldDatabase> databases() {
        return Stream.of(postgresql, mariadb, mongodb);
    }

    static Stream<OldSqlDatabase> sqlDatabases() {
        return Stream.of(postgresql, mariadb);
    }

    @BeforeEach
    void clear() {
        databases().forEach(OldDatabase::clear);
    }
}
