package io.perch.keycloak.legacy;

import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.type;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * The key of a collection's documents, as a text from which its type comes back: {@code oid:65e0...}, {@code text:ada} or
 * {@code number:1}, and anything else as MongoDB Extended JSON. Users' ids come of these texts, so they may never change.
 *
 * @param field its name
 */
record DocumentKey(String field) {

    private static final String OBJECT_ID = "oid:";
    private static final String TEXT = "text:";
    private static final String NUMBER = "number:";

    /** One type of each kind that may be a key, as MongoDB sorts them. */
    private static final List<BsonType> ORDER = List.of(
            BsonType.INT64,
            BsonType.STRING,
            BsonType.DOCUMENT,
            BsonType.BINARY,
            BsonType.OBJECT_ID,
            BsonType.BOOLEAN,
            BsonType.DATE_TIME,
            BsonType.TIMESTAMP);

    String text(BsonValue value) {
        return switch (value.getBsonType()) {
            case OBJECT_ID -> OBJECT_ID + value.asObjectId().getValue().toHexString();
            case STRING -> TEXT + value.asString().getValue();
            case INT32, INT64 -> NUMBER + value.asNumber().longValue();
            default -> new BsonDocument(field, value).toJson();
        };
    }

    /** All keys that sort after this one. A comparison finds those of its own type only, but a collection may have several. */
    Bson after(String text) {
        BsonValue last = value(text);
        BsonType type = last.isNumber() ? BsonType.INT64 : last.getBsonType();
        Stream<Bson> later = ORDER.stream().skip(ORDER.indexOf(type) + 1L).map(other -> type(field, other));
        return or(Stream.concat(Stream.of(gt(field, last)), later).toList());
    }

    private BsonValue value(String text) {
        try {
            if (text.startsWith(OBJECT_ID)) {
                return new BsonObjectId(new ObjectId(text.substring(OBJECT_ID.length())));
            }
            if (text.startsWith(TEXT)) {
                return new BsonString(text.substring(TEXT.length()));
            }
            if (text.startsWith(NUMBER)) {
                return new BsonInt64(Long.parseLong(text.substring(NUMBER.length())));
            }
            return requireNonNull(BsonDocument.parse(text).get(field));
        } catch (RuntimeException e) {
            throw new LegacyDatabaseException("the key " + text + " is none of this collection", e);
        }
    }
}
