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
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Users in a collection of MongoDB. Names of collection and fields are checked; everything else is a value in a filter. */
final class DocumentDatabase implements LegacyDatabase {

    /** For questions about many documents, which no sign-in waits for. */
    private static final int PATIENCE_MILLIS = 60_000;

    /** Rows that a question about one user reads: more than one is a conflict, but not all that are read may be meant. */
    private static final int MOST = 20;

    // No name in Keycloak is longer, and a pattern may not have any length
    private static final int LONGEST = 255;

    private final Settings settings;
    private final MongoConnections connections;
    private final DocumentKey key;

    DocumentDatabase(Settings settings) {
        this.settings = settings;
        this.connections = new MongoConnections(settings);
        this.key = new DocumentKey(settings.column(Field.ID).orElseThrow());
    }

    @Override
    public List<LegacyUser> byUsername(String username) {
        return LegacyUser.withLogin(by(settings.login(), username), username);
    }

    @Override
    public List<LegacyUser> byEmail(String email) {
        return LegacyUser.withAddress(by(Field.EMAIL, email), email);
    }

    private List<LegacyUser> by(Field field, String value) {
        Optional<String> name = settings.column(field);
        if (name.isEmpty() || value.length() > LONGEST || value.indexOf('\0') >= 0) {
            return List.of();
        }
        // A collation would be shorter, but is not everywhere that MongoDB's protocol is spoken
        Bson filter = regex(name.get(), "^\\s*" + Pattern.quote(value) + "\\s*$", "i");
        return connections.ask(
                settings.timeout(), collection -> users(collection.find(filter).limit(MOST)));
    }

    @Override
    public List<LegacyUser> chunk(@Nullable String after, @Nullable Instant since, int size) {
        Bson filter = and(after == null ? empty() : key.after(after), since == null ? empty() : changed(since));
        return connections.ask(
                PATIENCE_MILLIS,
                collection -> users(collection
                        .find(filter)
                        .sort(Sorts.ascending(key.field()))
                        .limit(size)
                        .batchSize(size)));
    }

    // A document without times may be new, whatever the others have
    private Bson changed(Instant since) {
        List<String> times = Stream.of(Field.CREATED_AT, Field.UPDATED_AT)
                .flatMap(field -> settings.column(field).stream())
                .toList();
        if (times.isEmpty()) {
            return empty();
        }
        Stream<Bson> newer = times.stream().map(time -> gte(time, new BsonDateTime(since.toEpochMilli())));
        Bson untold =
                nor(times.stream().map(time -> type(time, BsonType.DATE_TIME)).toList());
        return or(Stream.concat(newer, Stream.of(untold)).toList());
    }

    @Override
    public long count() {
        return connections.ask(PATIENCE_MILLIS, collection -> collection.estimatedDocumentCount());
    }

    // To MongoDB no collection and no field is unknown; without one such document, nobody could sign in
    @Override
    public void check() {
        String login = settings.column(settings.login()).orElseThrow();
        String hash = settings.column(Field.HASHED_PASSWORD).orElseThrow();
        @Nullable
        BsonDocument any = connections
                .ask(
                        Math.max(settings.timeout(), 2_000),
                        collection -> Optional.ofNullable(collection
                                .find(and(exists(login), exists(hash)))
                                .first()))
                .orElse(null);
        if (any == null) {
            throw new LegacyDatabaseException("no document of " + settings.table() + " has " + login + " and " + hash);
        }
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
