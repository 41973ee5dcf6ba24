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

/** What is left of deleted users, and how far their erasure is; by the database's time, which all instances share. */
@Component
class Tombstones implements DeletedUsers {

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
    private final DatabaseTime time;

    Tombstones(MongoOperations mongo, UserProperties properties, DatabaseTime time) {
        this.mongo = mongo;
        this.properties = properties;
        this.time = time;
    }

    /**
     * Puts a tombstone in place of all that is known of the user, unless it is there.
     *
     * @param sequence of the deletion's event
     * @return the tombstone, or empty where the user was recreated after this deletion
     */
    Optional<Tombstone> raise(String userId, Instant deletedAt, long sequence) {
        Tombstone tombstone = new Tombstone(
                userId, deletedAt, sequence, null, null, null, time.instant().plus(ONE_VISIT));
        Query older = query(where("id")
                .is(userId)
                .and("deletedAt")
                .exists(false)
                .orOperator(where("sequence").lt(sequence), where("sequence").exists(false)));
        try {
            mongo.replace(older, tombstone, ReplaceOptions.replaceOptions().upsert());
        } catch (DuplicateKeyException e) {
            // It is there, or an event made the user in the same moment, or the user was recreated since.
            mongo.replace(older, tombstone);
        }
        mongo.updateFirst(query(deleted(userId)), new Update().max("deletedSequence", sequence), Tombstone.class);
        return find(userId);
    }

    /** Finds the tombstone of a user who is deleted. */
    Optional<Tombstone> find(String userId) {
        return Optional.ofNullable(mongo.findOne(query(deleted(userId)), Tombstone.class));
    }

    /** Returns the current time of the database, which dates tasks and accounts. */
    Instant now() {
        return time.instant();
    }

    /** Returns when a user who was recreated at some time is looked through for the first time. */
    Instant firstRevisit(Instant recreatedAt) {
        return recreatedAt.plus(properties.firstRevisitAfter());
    }

    /** One read by id for many users; asked for each claim. */
    @Override
    public Set<String> among(Collection<String> userIds) {
        return mongo.find(query(where("id").in(userIds).and("deletedAt").exists(true)), StoredState.class).stream()
                .map(StoredState::id)
                .collect(Collectors.toSet());
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
        return find(userId).map(Tombstone::counts).orElse(counts);
    }

    /** Notes that everything is gone. It is looked through again when every lease of that time is over. */
    void noteErased(String userId) {
        Instant now = time.instant();
        Update update = Update.update("erasedAt", now).set("revisitAt", now.plus(properties.firstRevisitAfter()));
        mongo.updateFirst(query(deleted(userId)), update, Tombstone.class);
    }

    /** Notes that everything was looked through; the last time is when no token of the deleted user is valid any more. */
    void noteRevisit(Tombstone tombstone) {
        Instant recreatedAt = tombstone.recreatedAt();
        Instant erasedAt = recreatedAt == null ? tombstone.erasedAt() : recreatedAt;
        Instant last = (erasedAt == null ? time.instant() : erasedAt).plus(properties.revisitAfter());
        Update update = last.isAfter(time.instant())
                ? Update.update("revisitAt", last)
                : new Update().unset("revisitAt").unset("accountIds").unset("recreatedAt");
        Criteria same = recreatedAt == null
                ? deleted(tombstone.id())
                : where("id").is(tombstone.id()).and("recreatedAt").is(recreatedAt);
        mongo.updateFirst(query(same), update, Tombstone.class);
    }

    private static Criteria deleted(String userId) {
        return where("id").is(userId).and("deletedAt").exists(true);
    }
}
