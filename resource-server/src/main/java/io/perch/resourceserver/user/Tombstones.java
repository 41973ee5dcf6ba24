package io.perch.resourceserver.user;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.annotation.Id;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.FindAndModifyOptions;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.ReplaceOptions;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** What is left of deleted users, and how far their erasure is; by the database's time, which all instances share. */
@Component
class Tombstones {

    /** How long one instance is left alone with a user before another one takes over. */
    private static final Duration ONE_VISIT = Duration.ofSeconds(30);

    private static final FindAndModifyOptions RETURN_NEW =
            FindAndModifyOptions.options().returnNew(true);

    /**
     * What is asked of a user, who may be there.
     *
     * @param deletedAt null where the user is not deleted
     */
    @Document("users")
    record StoredState(@Id String id, @Nullable Instant deletedAt) {}

    private final MongoOperations mongo;
    private final UserProperties properties;
    private final InstantSource time;

    Tombstones(MongoOperations mongo, UserProperties properties, @Qualifier("databaseTime") InstantSource time) {
        this.mongo = mongo;
        this.properties = properties;
        this.time = time;
    }

    /** Puts a tombstone in place of all that is known of the user, unless it is there, and returns it. */
    Tombstone raise(String userId, Instant deletedAt) {
        Tombstone tombstone = new Tombstone(
                userId, deletedAt, null, null, null, time.instant().plus(ONE_VISIT));
        Query alive = query(where("id").is(userId).and("deletedAt").exists(false));
        try {
            mongo.replace(alive, tombstone, ReplaceOptions.replaceOptions().upsert());
        } catch (DuplicateKeyException e) {
            // Either it is there, or an event made the user in the same moment.
            mongo.replace(alive, tombstone);
        }
        return find(userId);
    }

    /** Tells whether a user is deleted. Asked for each new task, so by the id alone, which every database finds at once. */
    boolean isThere(String userId) {
        StoredState state = mongo.findById(userId, StoredState.class);
        return state != null && state.deletedAt() != null;
    }

    /** Takes a tombstone that somebody has to look at; for a while nobody else will. */
    Optional<Tombstone> takeDue() {
        Instant now = time.instant();
        Query due = query(where("revisitAt").lte(now)).with(Sort.by("revisitAt"));
        Update update = Update.update("revisitAt", now.plus(ONE_VISIT));
        return Optional.ofNullable(mongo.findAndModify(due, update, RETURN_NEW, Tombstone.class));
    }

    /** Notes what a user had, unless that was noted before, and returns what is noted. */
    Counts noteCounts(String userId, Counts counts) {
        mongo.updateFirst(
                query(deleted(userId).and("counts").exists(false)), Update.update("counts", counts), Tombstone.class);
        Counts noted = find(userId).counts();
        return noted == null ? counts : noted;
    }

    void noteAccounts(String userId, List<String> accountIds) {
        if (!accountIds.isEmpty()) {
            Update update = new Update().addToSet("accountIds").each(accountIds.toArray());
            mongo.updateFirst(query(deleted(userId)), update, Tombstone.class);
        }
    }

    List<String> accounts(String userId) {
        List<String> accounts = find(userId).accountIds();
        return accounts == null ? List.of() : accounts;
    }

    /** Notes that everything is gone; it is looked through again when no token of the user is valid any more. */
    void noteErased(String userId) {
        Instant now = time.instant();
        Update update = Update.update("erasedAt", now).set("revisitAt", now.plus(properties.revisitAfter()));
        mongo.updateFirst(query(deleted(userId)), update, Tombstone.class);
    }

    /** Notes that there is nothing left to look at. */
    void close(String userId) {
        mongo.updateFirst(
                query(deleted(userId)), new Update().unset("revisitAt").unset("accountIds"), Tombstone.class);
    }

    private Tombstone find(String userId) {
        Tombstone tombstone = mongo.findOne(query(deleted(userId)), Tombstone.class);
        if (tombstone == null) {
            throw new IllegalStateException("There is no tombstone of " + userId);
        }
        return tombstone;
    }

    private static Criteria deleted(String userId) {
        return where("id").is(userId).and("deletedAt").exists(true);
    }
}
