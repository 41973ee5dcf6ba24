package io.perch.keycloak.legacy;

import java.util.List;
import java.util.stream.Stream;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/** The options of the federation in the admin console. */
final class Options {

    private Options() {}

    static List<ProviderConfigProperty> all() {
        ProviderConfigurationBuilder options = ProviderConfigurationBuilder.create();
        choice(options, Settings.VENDOR, "Database", "The kind of the old service's database", ids(Vendor.values()));
        text(
                options,
                Settings.HOST,
                "Host",
                "The database's host. For a replica set of MongoDB its members, separated by commas, such as a,b:27018",
                "");
        text(options, Settings.PORT, "Port", "The database's port. If empty: 5432, 3306 or 27017", "");
        text(options, Settings.DATABASE, "Database name", "The name of the database on that server", "");
        choice(
                options,
                Settings.TLS,
                "TLS",
                "disable, require (encrypts, and does not check the certificate) or verify-full (also checks the certificate)",
                Stream.of(Tls.values()).map(Tls::id).toList());
        text(
                options,
                Settings.USER,
                "User",
                "The database user for Keycloak. It only needs to read one table. Empty for a MongoDB without users",
                "");
        options.property()
                .name(Settings.PASSWORD)
                .label("Password")
                .helpText("The password of the database user, or ${vault.NAME} for a secret in Keycloak's vault")
                .type(ProviderConfigProperty.PASSWORD)
                .secret(true)
                .add();
        text(
                options,
                Settings.AUTH_SOURCE,
                "Authentication database",
                "The database of MongoDB that has the database user",
                Settings.DEFAULT_AUTH_SOURCE);
        text(
                options,
                Settings.TIMEOUT,
                "Time-out",
                "Milliseconds that a sign-in waits for the database, 100 to 60000. Then the sign-in fails with an error",
                "2000");
        text(
                options,
                Settings.CONNECTIONS,
                "Connections",
                "How many queries may run at the same time on each node, 1 to 100",
                "4");
        choice(
                options,
                Settings.PRESET,
                "Preset",
                "The columns that the table has. You can change each of them below; - removes a column of the preset",
                Stream.of(Preset.values()).map(Preset::id).toList());
        text(
                options,
                Settings.TABLE,
                "Table",
                "The table with the users, with its schema if it needs one; or the collection",
                "users");
        for (Field field : Field.values()) {
            text(options, field.option(), "Column " + field.option().substring("column-".length()), field.help(), "");
        }
        text(
                options,
                Settings.ROLES,
                "Roles",
                "Realm roles for the old roles: old=new, separated by commas. Other roles are not given",
                Settings.DEFAULT_ROLES);
        text(options, Settings.SUPERUSER_ROLE, "Role of superusers", "Realm role for superusers. Empty for none", "");
        text(
                options,
                Settings.CHUNK,
                "Chunk",
                "Users imported in one transaction by a synchronization, 1 to 1000",
                "200");
        text(
                options,
                Settings.COST,
                "Cost",
                "The bcrypt cost of the most expensive hash in the table, 4 to 16. Every failed sign-in takes as long as such a"
                        + " hash, so that its time does not show who has an account",
                "12");
        text(
                options,
                Settings.REFUSAL_TIME,
                "Refusal time",
                "Milliseconds after which a failed sign-in or a wrong e-mail code is answered, 0 to 5000. The time of the"
                        + " hashes is added. Longer than a lookup and an import, so that the time does not show who has an"
                        + " account",
                "50");
        return options.build();
    }

    private static List<String> ids(Vendor[] vendors) {
        return Stream.of(vendors).map(Vendor::id).toList();
    }

    private static void text(
            ProviderConfigurationBuilder options, String name, String label, String help, String defaultValue) {
        options.property()
                .name(name)
                .label(label)
                .helpText(help)
                .type(ProviderConfigProperty.STRING_TYPE)
                .defaultValue(defaultValue)
                .add();
    }

    private static void choice(
            ProviderConfigurationBuilder options, String name, String label, String help, List<String> values) {
        options.property()
                .name(name)
                .label(label)
                .helpText(help)
                .type(ProviderConfigProperty.LIST_TYPE)
                .options(values)
                .defaultValue(values.get(0))
                .add();
    }
}
