package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DatabaseResolver;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** A database in the store. There is one map for each collection and one for each index. */
final class StoredDatabase extends AbstractSynchronizedMongoDatabase<Object> {

    static final String DOCUMENTS = "documents.";
    static final String INDEX = "index/";

    /**
     * Indexes of the resource server that are not stored. Here each one costs more per write than its queries save.
     * Queries for a user use the index on {@code user_id} and the time. Queries of the audit log and of moderators use
     * the index on the time.
     */
    private static final Set<String> NOT_KEPT = Set.of(
            "user_by_status",
            "user_last_changed",
            "account_newest_first",
            "error_newest_first",
            "by_actor",
            "by_action");

    private static final String ID_INDEX = "_id_";
    private static final String INDEXES = "system.indexes";

    private final MVStore store;
    private final List<StoredCollection> opened = new ArrayList<>();
    private boolean opening = true;

    StoredDatabase(String name, MVStore store, CursorRegistry cursors) {
        super(name, cursors);
        this.store = store;
        initializeNamespacesAndIndexes();
        opening = false;
        opened.forEach(StoredCollection::finishOpening);
        opened.clear();
    }

    static MVMap<Object, byte[]> documents(MVStore store, String namespace) {
        return store.openMap(DOCUMENTS + namespace, new MVMap.Builder<Object, byte[]>().valueType(BytesType.INSTANCE));
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
        var collection = new StoredCollection(
                this, name, options, documents(store, getFullCollectionNamespace(name)), cursorRegistry, opening);
        if (opening) {
            opened.add(collection);
        }
        return collection;
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(
            String collectionName, String indexName, List<IndexKey> keys, boolean sparse) {
        if (indexName.equals(ID_INDEX)) {
            var map = indexMap(collectionName, indexName);
            boolean complete = store.hasMap(map);
            var documents = documents(store, getFullCollectionNamespace(collectionName));
            return new IdIndex(indexName, keys, documents, entries(map), complete);
        }
        return index(collectionName, indexName, keys, true, sparse);
    }

    @Override
    protected @Nullable Index<Object> openOrCreateSecondaryIndex(
            String collectionName, String indexName, List<IndexKey> keys, boolean sparse) {
        if (NOT_KEPT.contains(indexName)) {
            return null;
        }
        return index(collectionName, indexName, keys, false, sparse);
    }

    private Index<Object> index(
            String collectionName, String indexName, List<IndexKey> keys, boolean unique, boolean sparse) {
        var map = indexMap(collectionName, indexName);
        boolean complete = store.hasMap(map);
        return new OrderedIndex(indexName, keys, unique, sparse, entries(map), complete);
    }

    private MVMap<byte[], Object> entries(String map) {
        return store.openMap(map, new MVMap.Builder<byte[], Object>().keyType(BytesType.INSTANCE));
    }

    private String indexMap(String collectionName, String indexName) {
        return indexMaps(getFullCollectionNamespace(collectionName)) + indexName;
    }

    private static String indexMaps(String namespace) {
        return INDEX + namespace + "/";
    }

    // Commands that mongo-java-server does differently from MongoDB, or with a full scan

    @Override
    public Document handleCommand(
            Channel channel, String command, Document query, DatabaseResolver databases, Oplog oplog) {
        return switch (command) {
            case "insert" -> insert(channel, query, databases, oplog);
            case "update" -> update(channel, query, databases, oplog);
            case "aggregate" -> aggregate(channel, query, databases, oplog);
            case "dropIndexes" -> dropIndexes(channel, query, databases, oplog);
            default -> super.handleCommand(channel, command, query, databases, oplog);
        };
    }

    /** Corrects the count: only inserted documents are counted. */
    private Document insert(Channel channel, Document query, DatabaseResolver databases, Oplog oplog) {
        boolean ordered = isOrdered(query);
        query.put("ordered", ordered);
        var reply = super.handleCommand(channel, "insert", query, databases, oplog);
        if (reply.get("writeErrors") instanceof List<?> errors && query.get("documents") instanceof List<?> sent) {
            var first = (Document) errors.get(0);
            reply.put("n", ordered ? number(first, "index") : sent.size() - errors.size());
        }
        return reply;
    }

    /** Stops an ordered command at its first error. */
    private Document update(Channel channel, Document query, DatabaseResolver databases, Oplog oplog) {
        if (!isOrdered(query) || !(query.get("updates") instanceof List<?> updates) || updates.size() < 2) {
            return super.handleCommand(channel, "update", query, databases, oplog);
        }
        int matched = 0;
        int modified = 0;
        var upserted = new ArrayList<Document>();
        var errors = new ArrayList<Document>();
        for (int i = 0; i < updates.size() && errors.isEmpty(); i++) {
            var single = query.clone();
            single.put("updates", List.of(updates.get(i)));
            var reply = super.handleCommand(channel, "update", single, databases, oplog);
            matched += number(reply, "n");
            modified += number(reply, "nModified");
            move(reply.get("upserted"), i, upserted);
            move(reply.get("writeErrors"), i, errors);
        }
        var reply = new Document("n", matched).append("nModified", modified);
        if (!upserted.isEmpty()) {
            reply.put("upserted", upserted);
        }
        if (!errors.isEmpty()) {
            reply.put("writeErrors", errors);
        }
        Utils.markOkay(reply);
        return reply;
    }

    private static void move(@Nullable Object from, int index, List<Document> to) {
        if (from instanceof Iterable<?> documents) {
            for (var each : documents) {
                to.add(((Document) each).append("index", index));
            }
        }
    }

    private static int number(Document document, String field) {
        return (Integer) document.getOrMissing(field);
    }

    private static boolean isOrdered(Document query) {
        return Utils.isTrue(query.getOrDefault("ordered", true));
    }

    /** Uses the indexes for a {@code $match} at the beginning. Drivers count documents with such a pipeline. */
    private Document aggregate(Channel channel, Document query, DatabaseResolver databases, Oplog oplog) {
        if (query.get("aggregate") instanceof String name
                && query.get("pipeline") instanceof List<?> pipeline
                && !pipeline.isEmpty()
                && pipeline.get(0) instanceof Document first
                && first.get("$match") instanceof Document match
                && resolveCollection(name, false) instanceof StoredCollection collection) {
            var aggregation = Aggregation.fromPipeline(Aggregation.parse(pipeline), databases, this, collection, oplog);
            if (!aggregation.isModifying()) {
                aggregation.validate(query);
                clearLastStatus(channel);
                var cursor = new Document("id", 0L)
                        .append("ns", getFullCollectionNamespace(name))
                        .append("firstBatch", collection.aggregate(aggregation, match));
                var reply = new Document("cursor", cursor);
                Utils.markOkay(reply);
                return reply;
            }
        }
        return super.handleCommand(channel, "aggregate", query, databases, oplog);
    }

    /** Drops indexes by collection and fields, because two collections may have indexes with the same name. */
    private Document dropIndexes(Channel channel, Document query, DatabaseResolver databases, Oplog oplog) {
        var named = query.get("index");
        if (!(query.get("dropIndexes") instanceof String collection)
                || !(named instanceof String name)
                || resolveCollection(collection, false) == null) {
            return super.handleCommand(channel, "dropIndexes", query, databases, oplog);
        }
        var wanted = new ArrayList<Document>();
        for (var index : descriptions(collection)) {
            boolean primary = ID_INDEX.equals(index.get("name"));
            if (name.equals("*") ? !primary : name.equals(index.get("name"))) {
                wanted.add((Document) index.get("key"));
            }
        }
        if (wanted.isEmpty() && !name.equals("*")) {
            return super.handleCommand(channel, "dropIndexes", query, databases, oplog);
        }
        var reply = new Document();
        Utils.markOkay(reply);
        for (var keys : wanted) {
            var single = query.clone();
            single.put("index", keys);
            reply = super.handleCommand(channel, "dropIndexes", single, databases, oplog);
        }
        return reply;
    }

    private QueryResult descriptions(String collection) {
        return resolveCollection(INDEXES, true)
                .handleQuery(new Document("ns", getFullCollectionNamespace(collection)), 0, 0);
    }

    // Removes and renames maps

    @Override
    protected void dropIndex(MongoCollection<Object> collection, String indexName) {
        super.dropIndex(collection, indexName);
        store.removeMap(indexMap(collection.getCollectionName(), indexName));
    }

    @Override
    public void dropCollection(String collectionName, Oplog oplog) {
        super.dropCollection(collectionName, oplog);
        store.removeMap(DOCUMENTS + getFullCollectionNamespace(collectionName));
        removeMaps(indexMaps(getFullCollectionNamespace(collectionName)));
    }

    @Override
    public void drop(Oplog oplog) {
        super.drop(oplog);
        removeMaps(DOCUMENTS + databaseName + ".");
        removeMaps(INDEX + databaseName + ".");
    }

    private void removeMaps(String prefix) {
        store.getMapNames().stream().filter(name -> name.startsWith(prefix)).forEach(store::removeMap);
    }

    @Override
    public void moveCollection(MongoDatabase oldDatabase, MongoCollection<?> collection, String newName) {
        var oldNamespace = collection.getFullName();
        super.moveCollection(oldDatabase, collection, newName);
        var newNamespace = getFullCollectionNamespace(newName);
        store.renameMap(documents(store, oldNamespace), DOCUMENTS + newNamespace);
        for (var name : store.getMapNames()) {
            if (name.startsWith(indexMaps(oldNamespace))) {
                store.renameMap(
                        entries(name),
                        indexMaps(newNamespace)
                                + name.substring(indexMaps(oldNamespace).length()));
            }
        }
    }

    @Override
    protected long getStorageSize() {
        var file = store.getFileStore();
        return file == null ? 0 : file.size();
    }

    @Override
    protected long getFileSize() {
        return getStorageSize();
    }
}
