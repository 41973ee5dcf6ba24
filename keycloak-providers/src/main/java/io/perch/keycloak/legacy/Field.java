package io.perch.keycloak.legacy;

import java.util.Locale;

/** A property of a user in a row, with the option for its column. */
enum Field {
    ID("The rows' primary key, by which they are imported in chunks"),
    EMAIL("E-mail address"),
    USERNAME("User name. Without this column the e-mail address is the user name"),
    HASHED_PASSWORD("The password's hash: bcrypt ($2a$, $2b$, $2y$) or passlib's bcrypt_sha256"),
    FIRST_NAME("First name"),
    LAST_NAME("Last name"),
    PHONE("Phone number, which becomes the attribute phone_number"),
    ROLE("Role"),
    IS_ACTIVE("Whether the user may sign in. Without this column all users may"),
    IS_VERIFIED("Whether the e-mail address is verified. Without this column no address is"),
    IS_SUPERUSER("Whether the user also gets the role for superusers. Without this column no user gets it"),
    CREATED_AT("Time of the registration. A time without a time zone is taken as UTC"),
    UPDATED_AT("Time of the last change, for 'Sync changed users'");

    private final String help;

    Field(String help) {
        this.help = help;
    }

    /** The name of the option, such as {@code column-first-name}. */
    String option() {
        return "column-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String help() {
        return help;
    }
}
