package io.perch.keycloak.legacy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** A document without a schema. A value whose type does not fit its field is treated as absent. */
record UserDocument(BsonDocument document, Settings settings, DocumentKey key) {

    LegacyUser user() {
        BsonValue id = document.get(key.field());
        if (id == null) {
            throw new LegacyDatabaseException("a document without " + key.field());
        }
        return new LegacyUser(
                key.text(id),
                text(Field.EMAIL),
                text(Field.USERNAME),
                text(Field.HASHED_PASSWORD),
                text(Field.FIRST_NAME),
                text(Field.LAST_NAME),
                text(Field.PHONE),
                text(Field.ROLE),
                flag(Field.IS_ACTIVE, true),
                flag(Field.IS_VERIFIED, false),
                flag(Field.IS_SUPERUSER, false),
                time(Field.CREATED_AT));
    }

    private @Nullable String text(Field field) {
        BsonValue value = value(field);
        if (value == null) {
            return null;
        }
        String text =
                switch (value.getBsonType()) {
                    case STRING -> value.asString().getValue();
                    case INT32, INT64 -> Long.toString(value.asNumber().longValue());
                    // Python's bcrypt returns the hash as bytes
                    case BINARY -> new String(value.asBinary().getData(), StandardCharsets.UTF_8);
                    default -> "";
                };
        return text.isBlank() ? null : text.strip();
    }

    // An unreadable value counts as false, because true would give more rights
    private boolean flag(Field field, boolean defaultValue) {
        BsonValue value = value(field);
        if (value == null || value.isNull()) {
            return defaultValue;
        }
        return switch (value.getBsonType()) {
            case BOOLEAN -> value.asBoolean().getValue();
            case INT32, INT64 -> value.asNumber().longValue() > 0;
            default -> false;
        };
    }

    private @Nullable Instant time(Field field) {
        BsonValue value = value(field);
        return value != null && value.getBsonType() == BsonType.DATE_TIME
                ? Instant.ofEpochMilli(value.asDateTime().getValue())
                : null;
    }

    private @Nullable BsonValue value(Field field) {
        return settings.column(field).map(document::get).orElse(null);
    }
}
