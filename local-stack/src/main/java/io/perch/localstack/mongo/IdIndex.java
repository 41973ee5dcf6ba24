package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The index of {@code _id}.
 *
 * <p>The map of the documents is ordered by {@code _id}. It is used for types whose equal values are also equal keys of
 * that map. For numbers this is not so ({@code 1}, {@code 1L} and {@code 1.0} are the same {@code _id}). Numbers and
 * rare types are in a second map.
 */
final class IdIndex extends Index<Object> {

    private final MVMap<Object, byte[]> documents;
    private final MVMap<byte[], Object> others;

    private final boolean complete;

    /**
     * @param complete whether the second map has all of its entries
     */
    IdIndex(
            String name,
            List<IndexKey> keys,
            MVMap<Object, byte[]> documents,
            MVMap<byte[], Object> others,
            boolean complete) {
        super(name, keys, false);
        this.documents = documents;
        this.others = others;
        this.complete = complete;
    }

    boolean isComplete() {
        return complete;
    }

    /** The position of the document with this {@code _id}, or null if there is none. */
    @Nullable
    Object position(@Nullable Object id) {
        if (id != null && isOwnKey(id)) {
            return documents.containsKey(id) ? id : null;
        }
        return others.get(KeyBytes.of(id));
    }

    private static boolean isOwnKey(Object id) {
        return id instanceof String
                || id instanceof ObjectId
                || id instanceof UUID
                || id instanceof Boolean
                || id instanceof Instant;
    }

    @Override
    public @Nullable Object getPosition(Document document) {
        return position(document.get("_id"));
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Object> collection) {
        var id = document.get("_id");
        if (position(id) != null) {
            throw new DuplicateKeyError(this, collection, getKeys(), new KeyValue(new Object[] {id}));
        }
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        var id = document.get("_id");
        if (id == null || !isOwnKey(id)) {
            others.put(KeyBytes.of(id), position);
        }
    }

    void removeEntry(Document document) {
        var id = document.get("_id");
        if (id == null || !isOwnKey(id)) {
            others.remove(KeyBytes.of(id));
        }
    }

    @Override
    public Object remove(Document document) {
        throw new UnsupportedOperationException("the collection removes entries");
    }

    @Override
    public void checkUpdate(Document oldDocument, Document newDocument, MongoCollection<Object> collection) {
        // The _id never changes
    }

    @Override
    public void updateInPlace(
            Document oldDocument, Document newDocument, Object position, MongoCollection<Object> collection) {
        // The _id never changes
    }

    @Override
    public boolean isUnique() {
        return true;
    }

    @Override
    public boolean canHandle(Document query) {
        return false;
    }

    @Override
    public Iterable<Object> getPositions(Document query) {
        throw new UnsupportedOperationException("the collection plans queries");
    }

    @Override
    public long getCount() {
        return documents.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public void drop() {
        others.clear();
    }
}
