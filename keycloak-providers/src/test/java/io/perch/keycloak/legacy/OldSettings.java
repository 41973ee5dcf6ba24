package io.perch.keycloak.legacy;

import java.util.Map;
import org.keycloak.component.ComponentModel;

/** The settings of a federation whose old database no test opens. */
final class OldSettings {

    private OldSettings() {}

    static Settings of(String vendor, String database) {
        ComponentModel component = new ComponentModel();
        Map.of(
                        "database-kind", vendor,
                        "host", "db.example",
                        "database", database,
                        "tls", "verify-full",
                        "user", "reader",
                        "password", "secret",
                        "preset", "full",
                        "table", "users")
                .forEach((name, value) -> component.getConfig().putSingle(name, value));
        return Settings.of(component);
    }
}
