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
 * The key of a collection's documents, as a text with its type: {@code oid:65e0...}, {@code text:ada}, {@code number:1}, or MongoDB
 * Extended JSON for other types. The ids of users are computed from these texts. Therefore the texts must never change.
 *
 * @param field the name of the key's field
 */
record DocumentKey(String field) {

    private static final String OBJECT_ID = "oid:";
    private static final String TEXT = "text:";
    private static final String NUMBER = "number:";

    /** One type of each kind that can be a key, in MongoDB's sort order. */
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

    /**
     * All keys that sort after this one. MongoDB's comparison finds only keys of the same type, but a collection may have several
     * types.
     */
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
