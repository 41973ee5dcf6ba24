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

/** Tables {@code users} that old services have, whose columns have the fields' own names, but for MongoDB's key. */
enum Preset {
    /** Address and names, as the FastAPI service with MySQL keeps them. */
    EMAIL_ROLE(ID, EMAIL, HASHED_PASSWORD, FIRST_NAME, LAST_NAME, ROLE),
    /** Everything, as the JWT authentication microservice with PostgreSQL keeps it. */
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
    /** Verified addresses, as the FastAPI authentication system with PostgreSQL keeps them. */
    EMAIL_VERIFIED(
            ID, EMAIL, HASHED_PASSWORD, FIRST_NAME, LAST_NAME, PHONE, IS_ACTIVE, IS_VERIFIED, CREATED_AT, UPDATED_AT),
    /** User names and passwords only, as the services with MongoDB and with PostgreSQL alone keep them. */
    USERNAME_ONLY(ID, USERNAME, HASHED_PASSWORD),
    /** No column but those that are named one by one. */
    CUSTOM();

    @SuppressWarnings("ImmutableEnumChecker") // it is not changed once it is made
    private final Set<Field> fields;

    Preset(Field... fields) {
        this.fields = Set.of(fields);
    }

    /** The value of the option, such as {@code email-role}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The column for a field; empty where the table has none. */
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
