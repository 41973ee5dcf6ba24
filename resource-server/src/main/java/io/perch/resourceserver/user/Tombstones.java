package io.perch.resourceserver.user;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.account.DeletedUsers;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

/** Stores tombstones and the progress of erasures. All times are the database's, which all instances share. */
@Component
class Tombstones implements DeletedUsers {

    /** How long one instance has for an erasure before another one takes over. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final FindAndModifyOptions RETURN_NEW =
            FindAndModifyOptions.options().returnNew(true);

    /**
     * The deletion state of a user.
     *
     * @param deletedAt null if the user is not deleted
     */
    @Document("users")
    record StoredState(@Id String id, @Nullable Instant deletedAt) {}

    private final MongoOperations mongo;
    private final UserProperties properties;
    private final DatabaseTime time;

    Tombstones(MongoOperations mongo, UserProperties properties, DatabaseTime time) {
        this.mongo = mongo;
        this.properties = properties;
        this.time = time;
    }

    /**
     * Replaces the user's document with a tombstone, unless there is one.
     *
     * @param sequence the sequence of the deletion event
     * @return the tombstone; empty if the user was recreated after this deletion
     */
    Optional<Tombstone> create(String userId, Instant deletedAt, long sequence) {
        Tombstone tombstone = new Tombstone(
                userId, deletedAt, sequence, null, null, null, time.instant().plus(LEASE));
        Query older = query(where("id")
                .is(userId)
                .and("deletedAt")
                .exists(false)
                .orOperator(where("sequence").lt(sequence), where("sequence").exists(false)));
        try {
            mongo.replace(older, tombstone, ReplaceOptions.replaceOptions().upsert());
        } catch (DuplicateKeyException e) {
            // There is a tombstone, or an event created the user at the same time, or the user was recreated since
            mongo.replace(older, tombstone);
        }
        mongo.updateFirst(query(deleted(userId)), new Update().max("deletedSequence", sequence), Tombstone.class);
        return find(userId);
    }

    /** Finds the tombstone of a deleted user. */
    Optional<Tombstone> find(String userId) {
        return Optional.ofNullable(mongo.findOne(query(deleted(userId)), Tombstone.class));
    }

    /** Returns the current time of the database, like the times of tasks and accounts. */
    Instant now() {
        return time.instant();
    }

    /** Returns when to search for earlier data of a recreated user for the first time. */
    Instant firstRevisit(Instant recreatedAt) {
        return recreatedAt.plus(properties.firstRevisitAfter());
    }

    /** One read by ID for many users, because it is called for each claim. */
    @Override
    public Set<String> among(Collection<String> userIds) {
        return mongo.find(query(where("id").in(userIds).and("deletedAt").exists(true)), StoredState.class).stream()
                .map(StoredState::id)
                .collect(Collectors.toSet());
    }

    /** Claims a tombstone that is due. No other instance gets it for some time. */
    Optional<Tombstone> claimDue() {
        Instant now = time.instant();
        Query due = query(where("revisitAt").lte(now)).with(Sort.by("revisitAt"));
        Update update = Update.update("revisitAt", now.plus(LEASE));
        return Optional.ofNullable(mongo.findAndModify(due, update, RETURN_NEW, Tombstone.class));
    }

    /** Stores what a user had, unless it is already stored. Returns the stored counts. */
    Counts saveCounts(String userId, Counts counts) {
        mongo.updateFirst(
                query(deleted(userId).and("counts").exists(false)), Update.update("counts", counts), Tombstone.class);
        return find(userId).map(Tombstone::counts).orElse(counts);
    }

    /** Records that all data was destroyed. The next search is due when all leases of that time have expired. */
    void markErased(String userId) {
        Instant now = time.instant();
        Update update = Update.update("erasedAt", now).set("revisitAt", now.plus(properties.firstRevisitAfter()));
        mongo.updateFirst(query(deleted(userId)), update, Tombstone.class);
    }

    /** Records that a search is done. The last search is due when no token of the deleted user is valid any more. */
    void markSearched(Tombstone tombstone) {
        Instant recreatedAt = tombstone.recreatedAt();
        Instant erasedAt = recreatedAt == null ? tombstone.erasedAt() : recreatedAt;
        Instant last = (erasedAt == null ? time.instant() : erasedAt).plus(properties.revisitAfter());
        Update update = last.isAfter(time.instant())
                ? Update.update("revisitAt", last)
                : new Update().unset("revisitAt").unset("accountIds").unset("recreatedAt");
        Criteria unchanged = recreatedAt == null
                ? deleted(tombstone.id())
                : where("id").is(tombstone.id()).and("recreatedAt").is(recreatedAt);
        mongo.updateFirst(query(unchanged), update, Tombstone.class);
    }

    private static Criteria deleted(String userId) {
        return where("id").is(userId).and("deletedAt").exists(true);
    }
}
