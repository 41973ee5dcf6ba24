package io.perch.resourceserver.security;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.BulkOperations;
import org.springframework.data.mongodb.core.BulkOperations.BulkMode;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** Revocations in the database. An instance reads them if it starts while Kafka is unavailable. */
@Component
class RevocationStore implements IndexedCollection {

    private static final int DELETE_BATCH_SIZE = 1_000;
    private static final int MAX_BATCHES = 20;

    private final MongoOperations mongo;

    RevocationStore(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @Override
    public String collection() {
        return "revocations";
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(DeclaredIndex.of("expiry", "expires_at"));
    }

    /** Reads all revocations that have not expired. */
    void read(Instant now, Consumer<Revocation> reader) {
        try (Stream<Revocation> all = mongo.stream(query(where("expiresAt").gt(now)), Revocation.class)) {
            all.forEach(reader);
        }
    }

    /**
     * Saves revocations. All instances call this for the same ones, so what another instance has saved is not written
     * again. A save never lowers a stored time.
     */
    void save(Collection<Revocation> ends) {
        List<Revocation> unsaved = unsaved(ends);
        if (unsaved.isEmpty()) {
            return;
        }
        BulkOperations bulk = mongo.bulkOps(BulkMode.UNORDERED, Revocation.class);
        for (Revocation end : unsaved) {
            Update update = new Update()
                    .setOnInsert("kind", end.kind())
                    .setOnInsert("subject", end.subject())
                    .max("notBefore", end.notBefore())
                    .max("at", end.at())
                    .max("expiresAt", end.expiresAt());
            if (end.userId() != null) {
                update.set("userId", end.userId());
            }
            bulk.upsert(query(where("id").is(end.id())), update);
        }
        bulk.execute();
    }

    private List<Revocation> unsaved(Collection<Revocation> ends) {
        if (ends.isEmpty()) {
            return List.of();
        }
        Query same = query(where("_id").in(ends.stream().map(Revocation::id).toList()));
        // Not mapped: a newer version may have kinds that this one does not know
        Map<String, Document> stored = mongo.find(same, Document.class, collection()).stream()
                .collect(Collectors.toMap(end -> end.getString("_id"), Function.identity()));
        return ends.stream().filter(end -> !contains(stored.get(end.id()), end)).toList();
    }

    private static boolean contains(@Nullable Document stored, Revocation end) {
        return stored != null
                && reaches(stored.getDate("not_before"), end.notBefore())
                && reaches(stored.getDate("at"), end.at())
                && reaches(stored.getDate("expires_at"), end.expiresAt())
                && (end.userId() == null || end.userId().equals(stored.getString("user_id")));
    }

    /** The database keeps milliseconds. */
    private static boolean reaches(@Nullable Date stored, Instant time) {
        return stored != null && !stored.toInstant().isBefore(time.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * Deletes expired revocations, a limited number per call. All instances may call this at the same time.
     *
     * @return how many were deleted
     */
    long deleteExpired(Instant now) {
        long deleted = 0;
        for (int round = 0; round < MAX_BATCHES; round++) {
            Query expired = query(where("expiresAt").lte(now))
                    .with(Sort.by("expiresAt"))
                    .limit(DELETE_BATCH_SIZE);
            List<String> ids = mongo.find(expired, Revocation.class).stream()
                    .map(Revocation::id)
                    .toList();
            if (ids.isEmpty()) {
                break;
            }
            // Another instance may have extended a revocation since the query
            Query stillExpired = query(where("id").in(ids).and("expiresAt").lte(now));
            deleted += mongo.remove(stillExpired, Revocation.class).getDeletedCount();
        }
        return deleted;
    }
}
