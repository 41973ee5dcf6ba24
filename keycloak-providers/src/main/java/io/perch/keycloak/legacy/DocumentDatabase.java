package io.perch.keycloak.legacy;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.empty;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.nor;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.regex;
import static com.mongodb.client.model.Filters.type;

import com.mongodb.client.FindIterable;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonType;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Users in a MongoDB collection. The names of the collection and its fields are validated. All other input is only a value in a
 * filter.
 */
final class DocumentDatabase extends UserLookups {

    private final MongoConnections connections;
    private final DocumentKey key;

    DocumentDatabase(Settings settings) {
        super(settings);
        this.connections = new MongoConnections(settings);
        this.key = new DocumentKey(settings.column(Field.ID).orElseThrow());
    }

    @Override
    List<LegacyUser> matches(String column, String value) {
        // A collation would be simpler, but not every server with MongoDB's protocol supports it
        Bson filter = regex(column, "^\\s*" + Pattern.quote(value) + "\\s*$", "i");
        return connections.query(
                settings.timeout(), collection -> users(collection.find(filter).limit(MAX_MATCHES)));
    }

    @Override
    public List<LegacyUser> chunk(@Nullable String after, @Nullable Instant since, int size) {
        Bson filter = and(after == null ? empty() : key.after(after), since == null ? empty() : changed(since));
        return connections.query(
                BULK_TIMEOUT_MILLIS,
                collection -> users(collection
                        .find(filter)
                        .sort(Sorts.ascending(key.field()))
                        .limit(size)
                        .batchSize(size)));
    }

    // A document without times is always included, because it may be new
    private Bson changed(Instant since) {
        List<String> times = Stream.of(Field.CREATED_AT, Field.UPDATED_AT)
                .flatMap(field -> settings.column(field).stream())
                .toList();
        if (times.isEmpty()) {
            return empty();
        }
        Stream<Bson> newer = times.stream().map(time -> gte(time, new BsonDateTime(since.toEpochMilli())));
        Bson undated =
                nor(times.stream().map(time -> type(time, BsonType.DATE_TIME)).toList());
        return or(Stream.concat(newer, Stream.of(undated)).toList());
    }

    @Override
    public long count() {
        return connections.query(BULK_TIMEOUT_MILLIS, collection -> collection.estimatedDocumentCount());
    }

    // MongoDB does not report an unknown collection or field. Without a document that has both fields, nobody could
    // sign in
    @Override
    public void check() {
        String login = settings.column(settings.login()).orElseThrow();
        String hash = settings.column(Field.HASHED_PASSWORD).orElseThrow();
        @Nullable
        BsonDocument any = connections
                .query(
                        Math.max(settings.timeout(), 2_000),
                        collection -> Optional.ofNullable(collection
                                .find(and(exists(login), exists(hash)))
                                .first()))
                .orElse(null);
        if (any == null) {
            throw new LegacyDatabaseException("no document of " + settings.table() + " has " + login + " and " + hash);
        }
    }

    @Override
    public List<MissingIndex> missingIndexes() {
        List<BsonDocument> indexes = connections.query(
                MissingIndex.TIMEOUT_MILLIS,
                collection -> collection.listIndexes(BsonDocument.class).into(new ArrayList<>()));
        return settings.lookUpColumns().stream()
                .filter(field -> indexes.stream().noneMatch(index -> serves(index, field)))
                .map(field -> new MissingIndex(field, createIndex(field)))
                .toList();
    }

    // A pattern can use an index that begins with the field, is sorted, has all users, and has no collation
    static boolean serves(BsonDocument index, String field) {
        BsonDocument key = index.getDocument("key", new BsonDocument());
        return !key.isEmpty()
                && key.getFirstKey().equals(field)
                && key.getOrDefault(field, BsonNull.VALUE).isNumber()
                && !index.containsKey("collation")
                && !index.containsKey("partialFilterExpression")
                && !index.getBoolean("hidden", BsonBoolean.FALSE).getValue();
    }

    private String createIndex(String field) {
        return "db.getCollection(\"%s\").createIndex({\"%s\": 1})".formatted(settings.table(), field);
    }

    private List<LegacyUser> users(FindIterable<BsonDocument> documents) {
        Bson fields = Projections.include(List.copyOf(settings.columns().values()));
        List<LegacyUser> users = new ArrayList<>();
        documents.projection(fields).forEach(document -> users.add(new UserDocument(document, settings, key).user()));
        return users;
    }

    @Override
    public void close() {
        connections.close();
    }
}
