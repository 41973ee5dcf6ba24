package io.perch.keycloak.legacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The supported database servers of old services. */
enum Vendor {
    POSTGRESQL(5432, "id") {
        @Override
        LegacyDatabase open(Settings settings) {
            return new JdbcDatabase(settings, Dialect.POSTGRESQL);
        }
    },
    MYSQL(3306, "id") {
        @Override
        LegacyDatabase open(Settings settings) {
            return new JdbcDatabase(settings, Dialect.MYSQL);
        }
    },
    MARIADB(3306, "id") {
        @Override
        LegacyDatabase open(Settings settings) {
            return new JdbcDatabase(settings, Dialect.MARIADB);
        }
    },
    MONGODB(27017, "_id") {
        @Override
        LegacyDatabase open(Settings settings) {
            return new DocumentDatabase(settings);
        }
    };

    private final int port;
    private final String key;

    Vendor(int port, String key) {
        this.port = port;
        this.key = key;
    }

    /** Creates the access to the users on such a server. It does not query the server yet. */
    abstract LegacyDatabase open(Settings settings);

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    int port() {
        return port;
    }

    /** The name of the key's column in presets. */
    String key() {
        return key;
    }

    static Optional<Vendor> of(String id) {
        return Arrays.stream(values()).filter(vendor -> vendor.id().equals(id)).findFirst();
    }
}
