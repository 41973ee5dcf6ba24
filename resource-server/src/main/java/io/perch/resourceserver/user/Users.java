package io.perch.resourceserver.user;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.UserState;
import io.perch.resourceserver.events.UserEventType;
import io.perch.resourceserver.web.PageCursor;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** The projection: the last known state of each user. */
@Component
class Users {

    private final MongoOperations mongo;

    Users(MongoOperations mongo) {
        this.mongo = mongo;
    }

    /**
     * Stores the state in an event, unless a newer one is stored or the user is deleted.
     *
     * @return whether it was stored
     */
    boolean apply(String userId, UserState user, UserEvent event) {
        Criteria older = notDeleted(userId)
                .orOperator(
                        where("sequence").lt(event.sequence()),
                        where("sequence").exists(false));
        return upsert(older, state(user, event));
    }

    /**
     * Replaces a tombstone with the state in an event. Conditions: all data of the deleted user was destroyed, and the event is
     * newer than the deletion.
     *
     * @param recreatedAt the current time; earlier data belongs to the deleted user
     * @param revisitAt when to search for earlier data again
     * @return whether the tombstone was replaced
     */
    boolean recreate(String userId, UserState user, UserEvent event, Instant recreatedAt, Instant revisitAt) {
        Criteria older = where("id")
                .is(userId)
                .and(Tombstone.ERASED_AT)
                .exists(true)
                .orOperator(
                        where(Tombstone.DELETED_SEQUENCE).lt(event.sequence()),
                        where(Tombstone.DELETED_SEQUENCE)
                                .exists(false)
                                .and("deletedAt")
                                .lt(event.time()));
        Update update = state(user, event)
                .unset("deletedAt")
                .unset(Tombstone.DELETED_SEQUENCE)
                .unset("counts")
                .unset(Tombstone.ERASED_AT)
                .set(Tombstone.RECREATED_AT, recreatedAt)
                .set(Tombstone.REVISIT_AT, revisitAt);
        return mongo.updateFirst(query(older), update, StoredUser.class).getMatchedCount() > 0;
    }

    private static Update state(UserState user, UserEvent event) {
        Update update = Update.update("sequence", event.sequence())
                .set("username", user.username())
                .set("emailVerified", user.emailVerified())
                .set("roles", user.roles())
                .set("enabled", user.enabled())
                .set("search", SearchTerms.of(user));
        put(update, "email", user.email());
        put(update, "firstName", user.firstName());
        put(update, "lastName", user.lastName());
        put(update, "phoneNumber", user.phoneNumber());
        Instant createdAt = user.createdAt();
        if (createdAt == null) {
            update.min("createdAt", event.time()).max("updatedAt", event.time());
        } else {
            // A snapshot is published without a change
            update.set("createdAt", createdAt)
                    .max("updatedAt", event.type() == UserEventType.SNAPSHOT ? createdAt : event.time());
        }
        return update;
    }

    /**
     * Stores the time of a sign-in, unless a later one is stored or the user is deleted.
     *
     * @return false if the user is deleted
     */
    boolean loggedIn(String userId, Instant at) {
        return upsert(notDeleted(userId), new Update().max("lastLogin", at));
    }

    /** Returns users whose user name, e-mail address or name starts with a text, newest first. A null text matches all. */
    Window<StoredUser> list(@Nullable String search, @Nullable String after, int limit) {
        Criteria known = known();
        if (search != null) {
            known.and("search").regex(SearchTerms.beginningWith(search));
        }
        var query = query(known)
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, StoredUser.class);
    }

    /** Finds a user by ID, user name or e-mail address; case is ignored for the last two. */
    Optional<StoredUser> find(String text) {
        StoredUser byId = mongo.findOne(query(known().and("id").is(text)), StoredUser.class);
        if (byId != null) {
            return Optional.of(byId);
        }
        String term = SearchTerms.normalized(text);
        return mongo.find(query(known().and("search").is(term)), StoredUser.class).stream()
                .filter(user -> term.equals(SearchTerms.normalized(user.username()))
                        || (user.email() != null && term.equals(SearchTerms.normalized(user.email()))))
                .findFirst();
    }

    /** Finds users by id, in no order. */
    List<StoredUser> findAll(Collection<String> ids) {
        return ids.isEmpty() ? List.of() : mongo.find(query(known().and("id").in(ids)), StoredUser.class);
    }

    /** Excludes users of whom only a sign-in is known so far. */
    private static Criteria known() {
        return where("sequence").gte(0).and("deletedAt").exists(false);
    }

    /**
     * Updates the user's document if it matches, or creates it if there is none.
     *
     * @return false if there is one that does not match
     */
    private boolean upsert(Criteria conditions, Update update) {
        try {
            mongo.upsert(query(conditions), update, StoredUser.class);
            return true;
        } catch (DuplicateKeyException e) {
            // Another thread may have created it at the same time, so the update is tried once more
            var updated = mongo.updateFirst(query(conditions), update, StoredUser.class);
            return updated.getMatchedCount() > 0;
        }
    }

    private static Criteria notDeleted(String userId) {
        return where("id").is(userId).and("deletedAt").exists(false);
    }

    private static void put(Update update, String property, @Nullable String value) {
        if (value == null) {
            update.unset(property);
        } else {
            update.set(property, value);
        }
    }
}
