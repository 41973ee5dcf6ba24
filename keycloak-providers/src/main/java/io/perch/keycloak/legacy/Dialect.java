package io.perch.keycloak.legacy;

import java.util.Locale;
import java.util.Properties;

/** A kind of SQL database server, with the driver that Keycloak has for it. */
enum Dialect {
    POSTGRESQL("org.postgresql.Driver", "postgres", '"') {
        @Override
        void secure(Properties properties, Tls tls) {
            properties.setProperty("sslmode", tls.id());
            if (tls == Tls.VERIFY_FULL) {
                // The driver's default is a file in the home directory. This uses the trust store of Java and Keycloak
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

    /** Sets the TLS mode, and forbids what a server must not request from its client, such as local files. */
    abstract void secure(Properties properties, Tls tls);

    /** Sets the driver's timeouts for the connection, and for each answer until it is established. */
    void limit(Properties properties, int millis) {
        properties.setProperty("connectTimeout", Integer.toString(millis));
        properties.setProperty("socketTimeout", Integer.toString(millis));
    }

    /** The name of this server in JDBC URLs. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String driver() {
        return driver;
    }

    /** The name of this server in Keycloak's options. */
    String keycloakName() {
        return keycloakName;
    }

    /** A name in the quotes of this server's SQL. The name must have only letters, digits and underscores. */
    String quoted(String name) {
        return quote + name + quote;
    }
}
