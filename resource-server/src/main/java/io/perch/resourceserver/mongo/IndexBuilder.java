package io.perch.resourceserver.mongo;

import com.mongodb.DuplicateKeyException;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import io.perch.resourceserver.mongo.DeclaredIndex.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * Creates the declared indexes on a separate thread while the server runs. A failure is logged with the index's name and retried.
 * A new index on a large collection may take long, so these commands have no timeout.
 */
public class IndexBuilder implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(IndexBuilder.class);
    private static final int DUPLICATE_KEY = 11000;

    private final MongoDatabaseFactory database;
    private final List<IndexedCollection> collections;
    private final Duration retry;
    private final ConcurrentMap<String, String> missing = new ConcurrentHashMap<>();
    private volatile CountDownLatch stopped = new CountDownLatch(0);
    private volatile @Nullable Boolean partialIndexes;
    private volatile @Nullable Thread thread;

    IndexBuilder(MongoDatabaseFactory database, Collection<IndexedCollection> collections, Duration retry) {
        this.database = database;
        this.collections = List.copyOf(collections);
        this.retry = retry;
        this.collections.forEach(collection ->
                collection.indexes().forEach(index -> missing.put(key(collection, index), "it is not created yet")));
    }

    /** Returns whether all unique indexes of a collection exist. */
    public boolean areUniqueIndexesReady(IndexedCollection collection) {
        return collection.indexes().stream()
                .filter(index -> index.kind() == Kind.UNIQUE_WHERE_PRESENT)
                .noneMatch(index -> missing.containsKey(key(collection, index)));
    }

    /** Returns the missing indexes, as {@code collection.name}, each with the reason. */
    public java.util.Map<String, String> missing() {
        return java.util.Map.copyOf(missing);
    }

    /**
     * Creates all missing indexes. Returns after one attempt for each.
     *
     * @return whether all indexes exist
     */
    public boolean buildAll() {
        int total = missing.size();
        int done = 0;
        for (IndexedCollection collection : collections) {
            for (DeclaredIndex index : collection.indexes()) {
                if (stopped.getCount() == 0 && thread != null) {
                    return false;
                }
                if (missing.containsKey(key(collection, index))) {
                    build(collection, index, ++done, total);
                }
            }
        }
        return missing.isEmpty();
    }

    @Override
    public void start() {
        stopped = new CountDownLatch(1);
        Thread started = new Thread(this::run, "index-builder");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    public void stop() {
        stopped.countDown();
        Thread running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        try {
            while (!buildAll()) {
                if (stopped.await(retry.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            log.error("No more indexes are created until the next start", e);
        }
    }

    private void build(IndexedCollection owner, DeclaredIndex index, int number, int total) {
        String key = key(owner, index);
        long started = System.nanoTime();
        try {
            MongoDatabase mongo = withoutTimeout();
            create(mongo.getCollection(owner.collection()), index, mongo);
            missing.remove(key);
            long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
            if (millis > 1_000) {
                log.info("index={} exists, {} of {}, after {} ms", key, number, total, millis);
            } else {
                log.debug("index={} exists, {} of {}", key, number, total);
            }
        } catch (WrongIndexException e) {
            missing.put(key, String.valueOf(e.getMessage()));
            log.error("index={} is missing: {}", key, e.getMessage());
        } catch (MongoException | DataAccessException e) {
            missing.put(key, String.valueOf(e.getMessage()));
            log.warn("index={} is missing: {}", key, e.getMessage());
        }
    }

    /**
     * A unique index of a sharded collection must start with the shard key. It is partial, because a compound sparse index would
     * contain every document. A database that ignores the condition gets a sparse index of the last field alone.
     */
    private void create(MongoCollection<Document> collection, DeclaredIndex index, MongoDatabase mongo) {
        if (index.kind() == Kind.UNIQUE_WHERE_PRESENT && !supportsPartialIndexes(mongo)) {
            String last =
                    new ArrayList<>(index.keys().keySet()).get(index.keys().size() - 1);
            Document keys = new Document(last, 1);
            for (Document existing : collection.listIndexes().into(new ArrayList<>())) {
                if (keys.equals(existing.get("key")) && !DeclaredIndex.isTrue(existing, "unique")) {
                    throw new WrongIndexException(collection, existing);
                }
            }
            collection.createIndex(
                    keys,
                    new IndexOptions()
                            .name(index.name() + "_sparse")
                            .unique(true)
                            .sparse(true));
            return;
        }
        for (Document existing : collection.listIndexes().into(new ArrayList<>())) {
            boolean sameKeys = index.document().equals(existing.get("key"));
            if (sameKeys && !index.isUniqueLike(existing)) {
                throw new WrongIndexException(collection, existing);
            }
            if (sameKeys && index.isSparse() == existing.getBoolean("sparse", false)) {
                return;
            }
            if (sameKeys || index.name().equals(existing.get("name"))) {
                // An earlier version declared it differently; the database refuses both
                log.info(
                        "index={}.{} is replaced", collection.getNamespace().getCollectionName(), existing.get("name"));
                collection.dropIndex(String.valueOf(existing.get("name")));
            }
        }
        collection.createIndex(index.document(), index.options());
    }

    /**
     * An index has the right fields, but accepts what the declared index refuses. It is not replaced, because somebody made it on
     * purpose, and documents that the declared index refuses may exist already.
     */
    private static final class WrongIndexException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WrongIndexException(MongoCollection<Document> collection, Document existing) {
            super("the index '%s' has the same fields, but not the options 'unique' and 'partialFilterExpression' that"
                            .formatted(existing.get("name"))
                    + " allow one login at a time. Drop it: db.%s.dropIndex(\"%s\")"
                            .formatted(collection.getNamespace().getCollectionName(), existing.get("name")));
        }
    }

    /** Tests it with a temporary collection, because no command returns this. */
    private boolean supportsPartialIndexes(MongoDatabase mongo) {
        Boolean known = partialIndexes;
        if (known != null) {
            return known;
        }
        MongoCollection<Document> scratch = mongo.getCollection("perch_index_probe_" + UUID.randomUUID());
        boolean supported = true;
        try {
            DeclaredIndex probe = new DeclaredIndex(
                    "probe", DeclaredIndex.of("probe", "owner", "slot").keys(), Kind.UNIQUE_WHERE_PRESENT);
            scratch.createIndex(probe.document(), probe.options());
            scratch.insertMany(List.of(new Document("owner", "a"), new Document("owner", "a")));
        } catch (MongoBulkWriteException e) {
            supported = e.getWriteErrors().stream().noneMatch(error -> error.getCode() == DUPLICATE_KEY);
        } catch (MongoWriteException | DuplicateKeyException e) {
            supported = false;
        } finally {
            scratch.drop();
        }
        partialIndexes = supported;
        return supported;
    }

    private MongoDatabase withoutTimeout() {
        return database.getMongoDatabase().withTimeout(0, TimeUnit.MILLISECONDS);
    }

    private static String key(IndexedCollection collection, DeclaredIndex index) {
        return collection.collection() + '.' + index.name();
    }
}
