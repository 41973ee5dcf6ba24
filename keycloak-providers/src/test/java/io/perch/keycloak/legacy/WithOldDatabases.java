package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.component.ComponentModel;

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
