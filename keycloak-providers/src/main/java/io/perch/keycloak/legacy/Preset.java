package io.perch.keycloak.legacy;

import static io.perch.keycloak.legacy.Field.CREATED_AT;
import static io.perch.keycloak.legacy.Field.EMAIL;
import static io.perch.keycloak.legacy.Field.FIRST_NAME;
import static io.perch.keycloak.legacy.Field.HASHED_PASSWORD;
import static io.perch.keycloak.legacy.Field.ID;
import static io.perch.keycloak.legacy.Field.IS_ACTIVE;
import static io.perch.keycloak.legacy.Field.IS_SUPERUSER;
import static io.perch.keycloak.legacy.Field.IS_VERIFIED;
import static io.perch.keycloak.legacy.Field.LAST_NAME;
import static io.perch.keycloak.legacy.Field.PHONE;
import static io.perch.keycloak.legacy.Field.ROLE;
import static io.perch.keycloak.legacy.Field.UPDATED_AT;
import static io.perch.keycloak.legacy.Field.USERNAME;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The columns of old services' tables {@code users}. The columns have the names of the fields, except MongoDB's key. */
enum Preset {
    /** Address and names, as in the FastAPI service with MySQL. */
    EMAIL_ROLE(ID, EMAIL, HASHED_PASSWORD, FIRST_NAME, LAST_NAME, ROLE),
    /** All fields, as in the JWT authentication microservice with PostgreSQL. */
    FULL(
            ID,
            EMAIL,
            USERNAME,
            HASHED_PASSWORD,
            FIRST_NAME,
            LAST_NAME,
            PHONE,
            ROLE,
            IS_ACTIVE,
            IS_VERIFIED,
            IS_SUPERUSER,
            CREATED_AT,
            UPDATED_AT),
    /** Verified addresses, as in the FastAPI authentication system with PostgreSQL. */
    EMAIL_VERIFIED(
            ID, EMAIL, HASHED_PASSWORD, FIRST_NAME, LAST_NAME, PHONE, IS_ACTIVE, IS_VERIFIED, CREATED_AT, UPDATED_AT),
    /** Only user names and passwords, as in the services with only MongoDB or only PostgreSQL. */
    USERNAME_ONLY(ID, USERNAME, HASHED_PASSWORD),
    /** Only the columns that are configured one by one. */
    CUSTOM();

    @SuppressWarnings("ImmutableEnumChecker") // it is not changed after its creation
    private final Set<Field> fields;

    Preset(Field... fields) {
        this.fields = Set.of(fields);
    }

    /** The value of the option, such as {@code email-role}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The column for a field; empty if the table has none. */
    Optional<String> column(Field field, Vendor vendor) {
        if (!fields.contains(field)) {
            return Optional.empty();
        }
        return Optional.of(field == ID ? vendor.key() : field.name().toLowerCase(Locale.ROOT));
    }

    static Optional<Preset> of(String id) {
        return Arrays.stream(values()).filter(preset -> preset.id().equals(id)).findFirst();
    }
}
