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
        choice(options, Settings.VENDOR, "Database", "What the old service keeps its users in", ids(Vendor.values()));
        text(
                options,
                Settings.HOST,
                "Host",
                "Where the database is; for a replica set of MongoDB its members, separated by commas, as in a,b:27018",
                "");
        text(options, Settings.PORT, "Port", "Its port; 5432, 3306 or 27017 if nothing is said", "");
        text(options, Settings.DATABASE, "Database name", "The database's name on that server", "");
        choice(
                options,
                Settings.TLS,
                "TLS",
                "disable, require (encrypted, without a check of the certificate) or verify-full (with a certificate that the server trusts)",
                Stream.of(Tls.values()).map(Tls::id).toList());
        text(
                options,
                Settings.USER,
                "User",
                "Whom Keycloak signs in as; it needs to read one table only. Empty for a MongoDB that asks for none",
                "");
        options.property()
                .name(Settings.PASSWORD)
                .label("Password")
                .helpText("That user's password, or an expression that names a secret in Keycloak's vault")
                .type(ProviderConfigProperty.PASSWORD)
                .secret(true)
                .add();
        text(
                options,
                Settings.AUTH_SOURCE,
                "Authentication database",
                "MongoDB's database that has that user",
                Settings.DEFAULT_AUTH_SOURCE);
        text(
                options,
                Settings.TIMEOUT,
                "Time-out",
                "Milliseconds that a sign-in waits for the database, 100 to 60000; then it is an error, not an unknown user",
                "2000");
        text(options, Settings.CONNECTIONS, "Connections", "How many questions at the same time, 1 to 100", "4");
        choice(
                options,
                Settings.PRESET,
                "Preset",
                "Which columns the table has; each can be set below, and - takes one away",
                Stream.of(Preset.values()).map(Preset::id).toList());
        text(
                options,
                Settings.TABLE,
                "Table",
                "The table with the users, with its schema where it needs one; or the collection",
                "users");
        for (Field field : Field.values()) {
            text(options, field.option(), "Column " + field.option().substring("column-".length()), field.help(), "");
        }
        text(
                options,
                Settings.ROLES,
                "Roles",
                "Realm roles for the old ones: old=new, separated by commas. Others are not given",
                Settings.DEFAULT_ROLES);
        text(options, Settings.SUPERUSER_ROLE, "Superusers' role", "Realm role for superusers; empty for none", "");
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
                "bcrypt's cost of the most expensive hash in the table, 4 to 16. Every failed sign-in takes as long, so that its"
                        + " time does not show who has an account",
                "12");
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
