package io.perch.resourceserver.account;

import static com.mongodb.client.model.Filters.all;
import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.not;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Filters.size;
import static com.mongodb.client.model.Filters.type;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.mongo.DeclaredIndex;
import io.perch.resourceserver.mongo.IndexedCollection;
import io.perch.resourceserver.web.PageCursor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.BsonType;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.KeysetScrollPosition;
import org.springframework.data.domain.Window;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/** All queries and indexes of the collection {@code twitter_users}. */
@Component
class AccountRepository implements IndexedCollection {

    static final String COLLECTION = "twitter_users";

    private static final String ID = "_id";
    private static final String USER_ID = "user_id";
    private static final String CREATED_AT = "created_at";
    private static final String CREDENTIALS_AT = "credentials_at";
    private static final String DELETED_AT = "deleted_at";
    private static final String ACTS = "acts";
    private static final String ACT_ID = "acts.id";
    private static final int DUPLICATE_KEY = 11000;
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final MongoOperations mongo;

    AccountRepository(MongoOperations mongo) {
        this.mongo = mongo;
    }

    @Override
    public String collection() {
        return COLLECTION;
    }

    @Override
    public List<DeclaredIndex> indexes() {
        return List.of(
                DeclaredIndex.of("newest_first", USER_ID, "-" + CREATED_AT, "-" + ID),
                DeclaredIndex.sparse("deleted", DELETED_AT),
                DeclaredIndex.sparse("acts", ACT_ID));
    }

    /** Finds a user's account. Deleted ones are left out. */
    Optional<StoredAccount> find(String userId, String accountId) {
        Bson own = and(byId(accountId), eq(USER_ID, userId), exists(DELETED_AT, false));
        return call(accounts -> Optional.ofNullable(accounts.find(own).first())).map(StoredAccount::read);
    }

    /** Finds accounts of several users, in no order. Deleted ones are left out. */
    List<StoredAccount> findAll(Collection<String> accountIds, Collection<String> userIds) {
        Bson filter = and(in(ID, keys(accountIds)), in(USER_ID, userIds), exists(DELETED_AT, false));
        return call(accounts -> accounts.find(filter).map(StoredAccount::read).into(new ArrayList<>()));
    }

    /** Reads a page of a user's accounts, newest first. Deleted ones are left out. */
    Window<StoredAccount> list(String userId, @Nullable String after, int limit) {
        KeysetScrollPosition position = PageCursor.position(after);
        List<Bson> filter = new ArrayList<>(List.of(eq(USER_ID, userId), exists(DELETED_AT, false)));
        if (!position.getKeys().isEmpty()) {
            Date createdAt = Date.from((Instant) position.getKeys().get("createdAt"));
            Object id = key(String.valueOf(position.getKeys().get("id")));
            filter.add(or(lt(CREATED_AT, createdAt), and(eq(CREATED_AT, createdAt), idAfter(id))));
        }
        List<StoredAccount> found = call(accounts -> accounts.find(and(filter))
                .sort(Sorts.descending(CREATED_AT, ID))
                .limit(limit + 1)
                .map(StoredAccount::read)
                .into(new ArrayList<>()));
        boolean more = found.size() > limit;
        return Window.from(more ? found.subList(0, limit) : found, index -> PageCursor.position(null), more);
    }

    // In descending order strings come after the old service's ObjectIds, but $lt compares only values of the same type
    private static Bson idAfter(Object id) {
        return id instanceof ObjectId ? or(lt(ID, id), type(ID, BsonType.STRING)) : lt(ID, id);
    }

    /**
     * Sets the creation time of the old service's accounts. Pages are read by creation time, so an account without one would be
     * on no page.
     */
    void setMissingCreationTimes(String userId) {
        Bson withoutTime = and(eq(USER_ID, userId), exists(CREATED_AT, false), exists(DELETED_AT, false));
        run(accounts -> {
            for (Document found : accounts.find(withoutTime)) {
                StoredAccount account = StoredAccount.read(found);
                accounts.updateOne(
                        and(eq(ID, account.key()), eq(USER_ID, userId), exists(CREATED_AT, false)),
                        set(CREATED_AT, Date.from(account.creationTime())));
            }
        });
    }

    /**
     * Stores the credentials and results of tasks, each account in its own update. Credentials replace only older ones, and never
     * those of an account that was deleted after the task was accepted. May be repeated.
     */
    void write(Collection<AccountWrite> writes) {
        List<AccountWrite> all =
                writes.stream().filter(write -> !write.isEmpty()).toList();
        if (all.isEmpty()) {
            return;
        }
        List<AccountWrite> newer = bulk(all.stream()
                        .map(write ->
                                write.credentials() == null ? result(write) : credentials(write, write.credentials()))
                        .toList())
                .stream()
                .map(all::get)
                .filter(write -> write.lastStatus() != null)
                .toList();
        // The account has newer credentials; only the result is stored
        bulk(newer.stream().map(AccountRepository::result).toList());
    }

    /**
     * Replaces an account with a tombstone. Its credentials are destroyed, and an earlier task cannot store them again. Acts of an
     * earlier deletion that are not in the audit log yet are kept. If the account is stored again, its creation time is that of
     * the tombstone.
     *
     * @return false if there is no such account, or it is already deleted
     */
    boolean markDeleted(String userId, String accountId, Instant at, List<Act> acts) {
        Bson existing = and(byId(accountId), eq(USER_ID, userId), exists(DELETED_AT, false));
        return call(accounts -> {
            Document found = accounts.find(existing).first();
            while (found != null) {
                List<Document> left = found.getList(ACTS, Document.class, List.of());
                List<Document> all = new ArrayList<>(left);
                acts.forEach(act -> all.add(act.document()));
                Document tombstone = new Document(USER_ID, userId)
                        .append(CREATED_AT, Date.from(at))
                        .append(DELETED_AT, Date.from(at));
                if (!all.isEmpty()) {
                    tombstone.append(ACTS, all);
                }
                if (accounts.replaceOne(and(existing, hasOnlyActs(left)), tombstone)
                                .getMatchedCount()
                        > 0) {
                    return true;
                }
                found = accounts.find(existing).first();
            }
            return false;
        });
    }

    private static Bson hasOnlyActs(List<Document> acts) {
        return acts.isEmpty()
                ? exists(ACTS + ".0", false)
                : and(
                        size(ACTS, acts.size()),
                        all(
                                ACT_ID,
                                acts.stream().map(act -> act.getString("id")).toList()));
    }

    /** Finds tombstones that are older than a time, with their acts. */
    List<Tombstone> tombstonesBefore(Instant time, int limit) {
        return call(accounts -> accounts.find(lte(DELETED_AT, Date.from(time)))
                .sort(Sorts.ascending(DELETED_AT))
                .limit(limit)
                .map(Tombstone::read)
                .into(new ArrayList<>()));
    }

    /** Finds accounts and tombstones with acts that are not in the audit log yet. */
    List<AccountActs> withActs(int limit) {
        return call(accounts -> accounts.find(exists(ACT_ID))
                .limit(limit)
                .map(AccountActs::read)
                .into(new ArrayList<>()));
    }

    /** Removes acts that are now in the audit log. */
    void removeActs(String userId, String accountId, Collection<String> actIds) {
        Document pull =
                new Document("$pull", new Document(ACTS, new Document("id", new Document("$in", List.copyOf(actIds)))));
        run(accounts -> accounts.updateOne(and(byId(accountId), eq(USER_ID, userId)), pull));
    }

    /** Deletes a tombstone, unless the account was created again. */
    void removeTombstone(Tombstone tombstone) {
        run(accounts -> accounts.deleteOne(and(
                eq(ID, tombstone.account().key()),
                eq(USER_ID, tombstone.account().userId()),
                eq(DELETED_AT, Date.from(tombstone.deletedAt())))));
    }

    /** Counts a user's accounts, including unreadable ones and tombstones. */
    long countOf(String userId) {
        return call(accounts -> accounts.countDocuments(eq(USER_ID, userId)));
    }

    /**
     * Finds some of a user's accounts and tombstones, in no order, with their acts.
     *
     * @param before only those that were created before this time or have no creation time; null for all
     */
    List<AccountActs> some(String userId, @Nullable Instant before, int limit) {
        return call(accounts -> accounts.find(ofUser(userId, before))
                .limit(limit)
                .projection(Projections.include(USER_ID, ACTS))
                .map(AccountActs::read)
                .into(new ArrayList<>()));
    }

    /** Deletes these accounts of a user, if they still fulfil the condition. */
    void deleteAll(String userId, @Nullable Instant before, List<AccountActs> found) {
        List<Object> keys = found.stream().map(AccountActs::key).toList();
        run(accounts -> accounts.deleteMany(and(in(ID, keys), ofUser(userId, before))));
    }

    private static Bson ofUser(String userId, @Nullable Instant before) {
        Bson all = eq(USER_ID, userId);
        return before == null ? all : and(all, not(gte(CREATED_AT, Date.from(before))));
    }

    /** Reads every document, in the order of the IDs. Has no time limit. */
    void readAll(int batch, Consumer<Document> reader) {
        run(accounts -> {
            try (MongoCursor<Document> documents = accounts.withTimeout(0, TimeUnit.MILLISECONDS)
                    .find()
                    .sort(Sorts.ascending(ID))
                    .batchSize(batch)
                    .cursor()) {
                documents.forEachRemaining(reader);
            }
        });
    }

    /**
     * Replaces a sealed value if it is unchanged since it was read.
     *
     * @return whether it was replaced
     */
    boolean reseal(StoredAccount account, SecretField field, String sealed) {
        String before = field.sealed(account);
        List<Bson> unchanged = new ArrayList<>(List.of(eq(ID, account.key()), eq(USER_ID, account.userId())));
        Document set = new Document(field.stored(), sealed);
        Document update = new Document("$set", set);
        if (before == null) {
            unchanged.add(exists(field.stored(), false));
            unchanged.add(eq(field.storedClear(), Objects.requireNonNull(field.clear(account))));
            update.append("$unset", new Document(field.storedClear(), ""));
        } else {
            // The clients of the old service stored text or bytes
            unchanged.add(in(field.stored(), before, new Binary(before.getBytes(StandardCharsets.UTF_8))));
        }
        if (account.createdAt() == null) {
            set.append(CREATED_AT, Date.from(account.creationTime()));
        }
        return call(accounts -> accounts.updateOne(and(unchanged), update).getModifiedCount() > 0);
    }

    /**
     * What remains of a deleted account.
     *
     * @param account its ID, its owner, and the acts that are not in the audit log yet
     * @param deletedAt when it was deleted
     */
    record Tombstone(AccountActs account, Instant deletedAt) {

        static Tombstone read(Document document) {
            return new Tombstone(
                    AccountActs.read(document), document.getDate(DELETED_AT).toInstant());
        }
    }

    private static UpdateOneModel<Document> credentials(AccountWrite write, SealedCredentials credentials) {
        Date at = Date.from(write.credentialsAt());
        Bson older = and(
                eq(ID, write.accountId()),
                eq(USER_ID, write.userId()),
                not(gt(CREDENTIALS_AT, at)),
                not(gte(DELETED_AT, at)));
        Document set = new Document("username", write.username())
                .append(SecretField.PASSWORD.stored(), credentials.password())
                .append(SecretField.PHONE_NUMBER.stored(), credentials.phoneNumber())
                .append(CREDENTIALS_AT, at);
        Document unset = new Document(SecretField.PHONE_NUMBER.storedClear(), "")
                .append(SecretField.EMAIL.storedClear(), "")
                .append(DELETED_AT, "");
        if (credentials.email() == null) {
            unset.append(SecretField.EMAIL.stored(), "");
        } else {
            set.append(SecretField.EMAIL.stored(), credentials.email());
        }
        addResult(set, write);
        Document update =
                new Document("$set", set).append("$unset", unset).append("$setOnInsert", new Document(CREATED_AT, at));
        return new UpdateOneModel<>(older, update, new UpdateOptions().upsert(true));
    }

    private static UpdateOneModel<Document> result(AccountWrite write) {
        Document set = new Document();
        addResult(set, write);
        return new UpdateOneModel<>(
                and(byId(write.accountId()), eq(USER_ID, write.userId()), exists(DELETED_AT, false)),
                new Document("$set", set));
    }

    private static void addResult(Document set, AccountWrite write) {
        if (write.lastStatus() != null) {
            set.append("last_status", write.lastStatus());
        }
        if (write.lastLoginAt() != null) {
            set.append("last_login_at", Date.from(write.lastLoginAt()));
        }
    }

    /** Returns the indexes of the writes that were refused because the document exists and does not match the condition. */
    private List<Integer> bulk(List<UpdateOneModel<Document>> writes) {
        if (writes.isEmpty()) {
            return List.of();
        }
        return call(accounts -> {
            try {
                accounts.bulkWrite(writes, UNORDERED);
                return List.of();
            } catch (MongoBulkWriteException e) {
                if (e.getWriteConcernError() != null
                        || e.getWriteErrors().stream().anyMatch(error -> error.getCode() != DUPLICATE_KEY)) {
                    throw e;
                }
                return e.getWriteErrors().stream().map(BulkWriteError::getIndex).toList();
            }
        });
    }

    private <T> T call(Function<MongoCollection<Document>, T> action) {
        return Objects.requireNonNull(mongo.execute(COLLECTION, action::apply));
    }

    private void run(Consumer<MongoCollection<Document>> action) {
        mongo.execute(COLLECTION, accounts -> {
            action.accept(accounts);
            return true;
        });
    }

    private static Document set(String field, Object value) {
        return new Document("$set", new Document(field, value));
    }

    private static Bson byId(String id) {
        return ObjectId.isValid(id) ? in(ID, keys(List.of(id))) : eq(ID, id);
    }

    /** The IDs of the old service are ObjectIds; clients use them as text. */
    private static List<Object> keys(Collection<String> ids) {
        List<Object> keys = new ArrayList<>(ids);
        ids.stream().filter(ObjectId::isValid).map(ObjectId::new).forEach(keys::add);
        return keys;
    }

    private static Object key(String id) {
        return ObjectId.isValid(id) ? new ObjectId(id) : id;
    }
}
