package io.perch.resourceserver.audit;

import static org.springframework.data.mongodb.core.query.Criteria.where;
import static org.springframework.data.mongodb.core.query.Query.query;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.model.InsertManyOptions;
import io.perch.resourceserver.account.DeletedUsers;
import io.perch.resourceserver.web.PageCursor;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Sort;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Component;

/** The audit log in the database. */
@Component
class AuditStore {

    private static final String CREATED_AT = "createdAt";
    private static final int DUPLICATE_KEY = 11000;
    private static final int BATCH = 1_000;

    /**
     * Conditions for lines; null for any value.
     *
     * @param userId the affected user
     * @param actorId who did it
     * @param action what was done
     * @param from start of the period
     * @param to end of the period, exclusive
     */
    record Filter(
            @Nullable String userId,
            @Nullable String actorId,
            @Nullable AuditAction action,
            @Nullable Instant from,
            @Nullable Instant to) {

        Criteria criteria() {
            Criteria criteria = new Criteria();
            if (userId != null) {
                criteria.and("userId").is(userId);
            }
            if (actorId != null) {
                criteria.and("actorId").is(actorId);
            }
            if (action != null) {
                criteria.and("action").is(action.wireName());
            }
            if (from != null || to != null) {
                Criteria time = criteria.and(CREATED_AT);
                if (from != null) {
                    time.gte(from);
                }
                if (to != null) {
                    time.lt(to);
                }
            }
            return criteria;
        }
    }

    /** The fields of a line that its deletion needs. */
    private record LineId(@Id String id) {}

    private final MongoOperations mongo;
    private final DeletedUsers deletedUsers;

    AuditStore(MongoOperations mongo, DeletedUsers deletedUsers) {
        this.mongo = mongo;
        this.deletedUsers = deletedUsers;
    }

    /**
     * Stores lines. A line that is already stored is not changed.
     *
     * <p>After the write this checks whether the actors were deleted: an act may be copied to the log long after it was done. A
     * user's deletion is stored before the addresses are removed. So the write either came before and its addresses were
     * removed, or the deletion is found here.
     */
    void write(Collection<AuditLine> lines) {
        insert(lines);
        Set<String> people = lines.stream()
                .filter(line -> line.ipAddress() != null)
                .map(AuditLine::person)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        if (people.isEmpty()) {
            return;
        }
        Set<String> deleted = deletedUsers.among(people);
        if (!deleted.isEmpty()) {
            removeAddresses(lines.stream()
                    .filter(line -> line.person().filter(deleted::contains).isPresent())
                    .toList());
        }
    }

    private void insert(Collection<AuditLine> lines) {
        List<Document> documents = lines.stream().map(this::document).toList();
        mongo.execute(AuditLine.class, audit -> {
            try {
                audit.insertMany(documents, new InsertManyOptions().ordered(false));
            } catch (MongoBulkWriteException e) {
                if (e.getWriteConcernError() != null
                        || e.getWriteErrors().stream().anyMatch(error -> error.getCode() != DUPLICATE_KEY)) {
                    throw e;
                }
            }
            return true;
        });
    }

    private Document document(AuditLine line) {
        Document document = new Document();
        mongo.getConverter().write(line, document);
        return document;
    }

    Window<AuditLine> read(Filter filter, @Nullable String after, int limit) {
        Query query = query(filter.criteria())
                .with(PageCursor.NEWEST_FIRST)
                .with(PageCursor.position(after))
                .limit(limit);
        return mongo.scroll(query, AuditLine.class);
    }

    /**
     * Removes the network address from all lines of actions by this user. If a line has no actor, its affected user counts as the
     * actor.
     */
    void erasePerson(String userId) {
        removeAddressesOf(userId, where("actorId").is(userId));
        removeAddressesOf(userId, where("userId").is(userId));
    }

    /** Reads and changes a limited number of lines with each command, because a user may have very many. */
    private void removeAddressesOf(String userId, Criteria lines) {
        KeysetScrollPosition position = PageCursor.position(null);
        Window<AuditLine> page;
        do {
            page = mongo.scroll(
                    query(lines).with(PageCursor.NEWEST_FIRST).with(position).limit(BATCH), AuditLine.class);
            removeAddresses(page.stream()
                    .filter(line -> line.ipAddress() != null)
                    .filter(line -> line.person().filter(userId::equals).isPresent())
                    .toList());
            if (page.hasNext()) {
                position = (KeysetScrollPosition) page.positionAt(page.size() - 1);
            }
        } while (page.hasNext());
    }

    private void removeAddresses(List<AuditLine> lines) {
        if (!lines.isEmpty()) {
            List<String> ids = lines.stream().map(AuditLine::id).toList();
            mongo.updateMulti(query(where("id").in(ids)), new Update().unset("ipAddress"), AuditLine.class);
        }
    }

    /**
     * Deletes the oldest lines.
     *
     * @return how many were found, at most {@code limit}
     */
    int removeBefore(Instant time, int limit) {
        Query old = query(where(CREATED_AT).lt(time)).with(Sort.by(CREATED_AT)).limit(limit);
        List<String> ids = mongo.query(AuditLine.class).as(LineId.class).matching(old).all().stream()
                .map(LineId::id)
                .toList();
        if (!ids.isEmpty()) {
            mongo.remove(query(where("id").in(ids)), AuditLine.class);
        }
        return ids.size();
    }
}
