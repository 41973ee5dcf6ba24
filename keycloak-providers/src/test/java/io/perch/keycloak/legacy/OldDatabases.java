package io.perch.keycloak.legacy;

import io.perch.keycloak.SharedServer;
import java.util.stream.Stream;

/** A running old database of each kind. */
record OldDatabases(OldSqlDatabase postgresql, OldSqlDatabase mariadb, OldMongoDb mongodb) implements AutoCloseable {

    private static OldDatabases start() {
        return new OldDatabases(OldDatabase.postgresql(), OldDatabase.mariadb(), OldDatabase.mongodb());
    }

    @Override
    public void close() {
        Stream.of(postgresql, mariadb, mongodb).forEach(OldDatabase::close);
    }

    /** The same databases for all test classes. They stop after the last test. */
    static final class Shared extends SharedServer<OldDatabases> {

        Shared() {
            super(OldDatabases.class, OldDatabases::start);
        }
    }
}
