package io.perch.keycloak.legacy;

import java.util.Arrays;
import java.util.Optional;

/** The TLS mode of connections to the old database, with the drivers' names for it. */
enum Tls {
    DISABLE("disable", "DISABLED", "disable"),
    REQUIRE("require", "REQUIRED", "trust"),
    VERIFY_FULL("verify-full", "VERIFY_IDENTITY", "verify-full");

    private final String id;
    private final String mysql;
    private final String mariadb;

    Tls(String id, String mysql, String mariadb) {
        this.id = id;
        this.mysql = mysql;
        this.mariadb = mariadb;
    }

    String id() {
        return id;
    }

    String mysql() {
        return mysql;
    }

    String mariadb() {
        return mariadb;
    }

    static Optional<Tls> of(String id) {
        return Arrays.stream(values()).filter(tls -> tls.id.equals(id)).findFirst();
    }
}
