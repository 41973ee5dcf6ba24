package io.perch.resourceserver.security;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.BulkOperations;
import org.springframework.data.mongodb.core.BulkOperations.BulkMode;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** The ends of sessions in the database, for an instance that starts while Kafka is unavailable. */
@Component
class RevocationStore implements IndexedCollection {

    private static final int FORGOTTEN_AT_ONCE = 1_000;
    private static final int MOST_ROUNDS = 20;

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

    /** Reads all that may still matter. */
    void read(Instant now, Consumer<Revocation> reader) {
        try (Stream<Revocation> all = mongo.stream(query(where("expiresAt").gt(now)), Revocation.class)) {
            all.forEach(reader);
        }
    }

    /** Writes ends; every instance writes the same, and none makes less of what another one wrote. */
    void save(Collection<Revocation> ends) {
        if (ends.isEmpty()) {
            return;
        }
        BulkOperations bulk = mongo.bulkOps(BulkMode.UNORDERED, Revocation.class);
        for (Revocation end : ends) {
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

    /**
     * Removes what cannot matter any more, a bounded number of documents; any number of instances may do so at once.
     *
     * @return how many were removed
     */
    long forget(Instant now) {
        long forgotten = 0;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Query expired = query(where("expiresAt").lte(now))
                    .with(Sort.by("expiresAt"))
                    .limit(FORGOTTEN_AT_ONCE);
            List<String> ids = mongo.find(expired, Revocation.class).stream()
                    .map(Revocation::id)
                    .toList();
            if (ids.isEmpty()) {
                break;
            }
            // Another end of the same session may have come meanwhile.
            Query still = query(where("id").in(ids).and("expiresAt").lte(now));
            forgotten += mongo.remove(still, Revocation.class).getDeletedCount();
        }
        return forgotten;
    }
}
