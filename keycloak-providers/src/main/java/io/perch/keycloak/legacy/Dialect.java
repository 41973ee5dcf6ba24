package io.perch.keycloak.legacy;

import java.util.Locale;
import java.util.Properties;

/** How a database server is spoken to with SQL, and with the driver that Keycloak has for it. */
enum Dialect {
    POSTGRESQL("org.postgresql.Driver", "postgres", '"') {
        @Override
        void secure(Properties properties, Tls tls) {
            properties.setProperty("sslmode", tls.id());
            if (tls == Tls.VERIFY_FULL) {
                // Otherwise it reads a file in the home directory, and not the trust store of Java and Keycloak
                properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            }
        }

        @Override
        void limit(Properties properties, int millis) {
            String seconds = Integer.toString((millis + 999) / 1000);
            properties.setProperty("loginTimeout", seconds);
            properties.setProperty("connectTimeout", seconds);
            properties.setProperty("socketTimeout", seconds);
        }
    },
    MYSQL("com.mysql.cj.jdbc.Driver", "mysql", '`') {
        @Override
        void secure(Properties properties, Tls tls) {
            properties.setProperty("sslMode", tls.mysql());
            properties.setProperty("allowLoadLocalInfile", "false");
        }
    },
    MARIADB("org.mariadb.jdbc.Driver", "mariadb", '`') {
        @Override
        void secure(Properties properties, Tls tls) {
            properties.setProperty("sslMode", tls.mariadb());
            properties.setProperty("allowLocalInfile", "false");
        }
    };

    private final String driver;
    private final String keycloakName;
    private final char quote;

    Dialect(String driver, String keycloakName, char quote) {
        this.driver = driver;
        this.keycloakName = keycloakName;
        this.quote = quote;
    }

    /** Sets how the connection is protected, and takes from the server what it must not ask of a client. */
    abstract void secure(Properties properties, Tls tls);

    /** Sets how long the driver waits for a connection and, until it is there, for each answer. */
    void limit(Properties properties, int millis) {
        properties.setProperty("connectTimeout", Integer.toString(millis));
        properties.setProperty("socketTimeout", Integer.toString(millis));
    }

    /** What JDBC's URLs call this server. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String driver() {
        return driver;
    }

    /** What Keycloak's options call this server. */
    String keycloakName() {
        return keycloakName;
    }

    /** A name of letters, digits and underscores as the server's SQL writes it. */
    String quoted(String name) {
        return quote + name + quote;
    }
}
