package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoCollection;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.QueryParameters;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.backend.ValueComparator;
import de.bwaldvogel.mongo.backend.aggregation.Aggregation;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.IndexBuildFailedException;
import de.bwaldvogel.mongo.exception.IndexKeySpecsConflictException;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A collection that stores BSON in a map, ordered by {@code _id}.
 *
 * <p>The writes of one collection run one after the other. Queries do not wait for them: each query reads a snapshot of
 * the maps. A query that runs at the same time as a write may return some documents after the change and others before
 * it, as with MongoDB.
 */
final class StoredCollection extends AbstractSynchronizedMongoCollection<Object> {

    private static final Logger log = LoggerFactory.getLogger(StoredCollection.class);

    private final MVMap<Object, byte[]> documents;
    private final List<Index<Object>> toBuild = new ArrayList<>();
    private volatile List<OrderedIndex> ordered = List.of();
    private volatile @Nullable IdIndex ids;
    private boolean opening;

    /** @param opening whether {@link #finishOpening} is called later, which builds all indexes together */
    StoredCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            MVMap<Object, byte[]> documents,
            CursorRegistry cursors,
            boolean opening) {
        super(database, name, options, cursors);
        this.documents = documents;
        this.opening = opening;
    }

    MVMap<Object, byte[]> documents() {
        return documents;
    }

    // Indexes

    @Override
    public synchronized void addIndex(Index<Object> index) {
        for (var existing : getIndexes()) {
            if (existing.getName().equals(index.getName())) {
                if (index instanceof OrderedIndex other && !other.sameAs(existing)) {
                    throw new IndexKeySpecsConflictException(index, existing);
                }
                return;
            }
        }
        if (!documents.isEmpty() && !isComplete(index)) {
            if (opening) {
                toBuild.add(index);
            } else {
                try {
                    build(List.of(index));
                } catch (MongoServerError e) {
                    discard(index);
                    throw new IndexBuildFailedException(e, this);
                }
            }
        }
        getIndexes().add(index);
        publishIndexes();
    }

    private static boolean isComplete(Index<Object> index) {
        return index instanceof OrderedIndex other ? other.isComplete() : ((IdIndex) index).isComplete();
    }

    /** Builds the indexes that are missing in the store, with one pass over the documents. */
    synchronized void finishOpening() {
        opening = false;
        if (toBuild.isEmpty()) {
            return;
        }
        log.warn("building {} indexes of {} from its {} documents", toBuild.size(), getFullName(), documents.size());
        try {
            build(toBuild);
        } catch (MongoServerError e) {
            log.error("two documents of {} have the same key; their index is not built", getFullName(), e);
            for (var index : toBuild) {
                index.drop();
                buildOrLeaveOut(index);
            }
        }
        toBuild.clear();
    }

    private void buildOrLeaveOut(Index<Object> index) {
        try {
            build(List.of(index));
        } catch (MongoServerError e) {
            log.error("index {} of {} is not built", index.getName(), getFullName(), e);
            discard(index);
            getIndexes().remove(index);
            publishIndexes();
        }
    }

    private static void discard(Index<Object> index) {
        if (index instanceof OrderedIndex other) {
            other.discard();
        }
    }

    private void build(List<Index<Object>> indexes) {
        var all = documents.cursor(null);
        while (all.hasNext()) {
            var position = all.next();
            var document = Bson.decode(all.getValue());
            for (var index : indexes) {
                // The index of _id has no conflict, because the map of the documents has each _id once
                if (index instanceof OrderedIndex) {
                    index.checkAdd(document, this);
                }
                index.add(document, position, this);
            }
        }
    }

    @Override
    public synchronized void dropIndex(String indexName) {
        super.dropIndex(indexName);
        publishIndexes();
    }

    /** Queries run without a lock, so these lists are immutable. */
    private void publishIndexes() {
        ordered = getIndexes().stream()
                .filter(OrderedIndex.class::isInstance)
                .map(OrderedIndex.class::cast)
                .toList();
        ids = getIndexes().stream()
                .filter(IdIndex.class::isInstance)
                .map(IdIndex.class::cast)
                .findFirst()
                .orElse(null);
    }

    // Queries

    // Not synchronized, so that a long query does not block writes
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public QueryResult handleQuery(QueryParameters parameters) {
        var selector = parameters.getQuerySelector();
        var query = selector;
        Document orderBy = null;
        for (var prefix : new String[] {"$", ""}) {
            if (selector.get(prefix + "query") instanceof Document inner) {
                query = inner;
                orderBy = (Document) selector.get(prefix + "orderby");
            }
        }
        return queryDocuments(
                query,
                orderBy,
                parameters.getNumberToSkip(),
                parameters.getLimit(),
                parameters.getBatchSize(),
                parameters.getProjection());
    }

    @Override
    protected QueryResult queryDocuments(
            Document query,
            @Nullable Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            @Nullable Document fieldSelector) {
        return reading(() -> {
            var conditions = Conditions.of(query);
            boolean natural = orderBy != null && orderBy.containsKey("$natural");
            var positions = natural ? null : positions(conditions);
            if (positions != null) {
                return matchDocumentsFromStream(
                        read(positions), query, orderBy, numberToSkip, limit, batchSize, fieldSelector);
            }
            var scan = natural
                    ? null
                    : IndexScan.best(ordered, conditions, orderBy, limit > 0).orElse(null);
            if (scan == null) {
                return matchDocuments(query, orderBy, numberToSkip, limit, batchSize, fieldSelector);
            }
            if (scan.sorted()) {
                return matchDocumentsFromStream(
                        query, read(scan.positions().distinct()), numberToSkip, limit, batchSize, null, fieldSelector);
            }
            return matchDocumentsFromStream(
                    read(scan.positions().distinct().sorted(documents.getKeyType())),
                    query,
                    orderBy,
                    numberToSkip,
                    limit,
                    batchSize,
                    fieldSelector);
        });
    }

    /** The positions in the order of a scan, or null if the query has no condition on {@code _id}. */
    private @Nullable Stream<Object> positions(Conditions conditions) {
        var index = ids;
        var positions = index == null ? null : IdLookup.positions(conditions, index);
        return positions == null ? null : positions.stream().sorted(documents.getKeyType());
    }

    /** Reads the documents. Those that were deleted in the meantime are omitted. */
    private Stream<Document> read(Stream<Object> positions) {
        return positions.map(documents::get).filter(Objects::nonNull).map(Bson::decode);
    }

    @Override
    protected QueryResult matchDocuments(
            Document query,
            @Nullable Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            @Nullable Document fieldSelector) {
        Stream<Document> all;
        if (isNaturalDescending(orderBy)) {
            all = read(documents.keySet().stream().sorted(ValueComparator.desc()));
        } else {
            all = documents.values().stream().map(Bson::decode);
        }
        return matchDocumentsFromStream(all, query, orderBy, numberToSkip, limit, batchSize, fieldSelector);
    }

    /** Runs a pipeline that begins with this {@code $match} and does not write. */
    List<Document> aggregate(Aggregation pipeline, Document match) {
        return reading(() -> pipeline.runStages(candidates(match)));
    }

    private Stream<Document> candidates(Document match) {
        var conditions = Conditions.of(match);
        var positions = positions(conditions);
        if (positions != null) {
            return read(positions);
        }
        return IndexScan.best(ordered, conditions, null, false)
                .map(scan -> read(scan.positions().distinct().sorted(documents.getKeyType())))
                .orElseGet(this::queryAllAsStream);
    }

    @Override
    public Stream<Document> queryAllAsStream() {
        return documents.values().stream().map(Bson::decode);
    }

    /** Runs a read. Meanwhile the store does not remove the version that it reads. */
    private <T> T reading(Supplier<T> read) {
        var store = documents.getStore();
        var version = store.registerVersionUsage();
        try {
            return read.get();
        } finally {
            store.deregisterVersionUsage(version);
        }
    }

    // The shared matcher has state, for updates. Queries run in parallel, so each has its own matcher
    @Override
    protected boolean documentMatchesQuery(Document document, Document query) {
        return new DefaultQueryMatcher().matches(document, query);
    }

    // Writes

    @Override
    protected Object addDocumentInternal(Document document) {
        var id = getIdField() == null
                ? UUID.randomUUID()
                : Missing.ofNullable(Utils.getSubdocumentValue(document, getIdField()));
        if (documents.putIfAbsent(id, Bson.encode(document)) != null) {
            throw new IllegalStateException(getFullName() + " has a document " + id + " that its index lacks");
        }
        return id;
    }

    @Override
    protected void handleUpdate(Object position, Document oldDocument, Document newDocument) {
        var encoded = Bson.encode(newDocument);
        var indexes = ordered.stream()
                .filter(index -> index.isChanged(oldDocument, newDocument))
                .toList();
        // With this order, a parallel query finds the document by its old or its new entry
        indexes.forEach(index -> index.addChanged(oldDocument, newDocument, position));
        documents.put(position, encoded);
        indexes.forEach(index -> index.removeChanged(oldDocument, newDocument, position));
    }

    @Override
    public synchronized void removeDocument(Document document) {
        var index = ids;
        var position = index == null ? findDocumentPosition(document) : index.getPosition(document);
        if (position == null) {
            return;
        }
        ordered.forEach(each -> each.removeEntries(document, position));
        if (index != null) {
            index.removeEntry(document);
        }
        removeDocument(position);
    }

    @Override
    protected void removeDocument(Object position) {
        documents.remove(position);
    }

    // The documents' map

    @Override
    protected @Nullable Document getDocument(Object position) {
        var bytes = documents.get(position);
        return bytes == null ? null : Bson.decode(bytes);
    }

    @Override
    protected Stream<DocumentWithPosition<Object>> streamAllDocumentsWithPosition() {
        return documents.entrySet().stream()
                .map(entry -> new DocumentWithPosition<>(Bson.decode(entry.getValue()), entry.getKey()));
    }

    @Override
    public int count() {
        return documents.size();
    }

    @Override
    public boolean isEmpty() {
        return documents.isEmpty();
    }

    // Statistics are rare and writes are frequent, so sizes are only summed on request
    @Override
    protected boolean tracksDataSize() {
        return false;
    }

    @Override
    protected void updateDataSize(int sizeDelta) {
        throw new UnsupportedOperationException("sizes are not tracked");
    }

    @Override
    protected int getDataSize() {
        long size = documents.values().stream().mapToLong(bytes -> bytes.length).sum();
        return (int) Math.min(size, Integer.MAX_VALUE);
    }
}
