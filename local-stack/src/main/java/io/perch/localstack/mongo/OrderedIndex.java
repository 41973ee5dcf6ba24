package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.backend.Utils;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * An index in the order of its fields. It can be unique or sparse.
 *
 * <p>The key of an entry has the bytes of the fields' values. If the index is not unique, the bytes of the position
 * follow. A document with a value that has no order (for example an array) adds a marker entry. While there is a
 * marker, queries do not use the index. A unique index still refuses duplicates then.
 */
final class OrderedIndex extends Index<Object> {

    private final boolean unique;
    private final MVMap<byte[], Object> entries;
    private final boolean complete;

    /**
     * @param complete whether the map has the entries of all documents
     */
    OrderedIndex(
            String name,
            List<IndexKey> keys,
            boolean unique,
            boolean sparse,
            MVMap<byte[], Object> entries,
            boolean complete) {
        super(name, keys, sparse);
        this.unique = unique;
        this.entries = entries;
        this.complete = complete;
    }

    boolean isComplete() {
        return complete;
    }

    boolean skipsDocumentsWithoutFields() {
        return isSparse();
    }

    MVMap<byte[], Object> entries() {
        return entries;
    }

    /** Whether all documents are in order, so that queries can use the index. */
    boolean isUsable() {
        return entries.ceilingKey(new byte[] {KeyBytes.UNORDERED_DOCUMENT}) == null;
    }

    boolean sameAs(Index<?> other) {
        return hasSameOptions(other)
                && isUnique() == other.isUnique()
                && Objects.equals(
                        toIndexDescription().get("key"),
                        other.toIndexDescription().get("key"));
    }

    /** Whether the entries of the two documents may differ. */
    boolean isChanged(Document oldDocument, Document newDocument) {
        return getKeys().stream()
                .anyMatch(key -> !Objects.equals(value(oldDocument, key.getKey()), value(newDocument, key.getKey())));
    }

    /** The entries of the document. The value is the key for error messages; for a marker it is null. */
    private Map<Key, @Nullable KeyValue> keysOf(Document document, @Nullable Object position) {
        var values = new ArrayList<@Nullable Object>();
        boolean ordered = position == null || KeyBytes.isOrdered(position);
        boolean exists = false;
        for (var key : getKeys()) {
            var value = value(document, key.getKey());
            values.add(value);
            exists |= !(value instanceof Missing);
            ordered &= KeyBytes.isOrdered(value);
        }
        if (isSparse() && !exists) {
            return Map.of();
        }
        var keys = new LinkedHashMap<Key, @Nullable KeyValue>();
        if (!ordered && position != null) {
            keys.put(
                    new Key(new KeyBytes()
                            .addRaw(new byte[] {KeyBytes.UNORDERED_DOCUMENT})
                            .add(position, true)
                            .toByteArray()),
                    null);
        }
        if (ordered) {
            keys.put(key(values, position), new KeyValue(values));
        } else if (unique) {
            for (var each : getKeyValues(document)) {
                var elements = new ArrayList<@Nullable Object>();
                each.forEach(elements::add);
                keys.put(key(elements, position), each);
            }
        }
        return keys;
    }

    private static @Nullable Object value(Document document, String path) {
        return path.indexOf('.') < 0
                ? document.getOrMissing(path)
                : Utils.getSubdocumentValueCollectionAware(document, path);
    }

    private Key key(List<@Nullable Object> values, @Nullable Object position) {
        var bytes = new KeyBytes();
        for (int i = 0; i < values.size(); i++) {
            bytes.add(values.get(i), getKeys().get(i).isAscending());
        }
        if (!unique && position != null) {
            bytes.add(position, true);
        }
        return new Key(bytes.toByteArray());
    }

    @Override
    public void checkAdd(Document document, MongoCollection<Object> collection) {
        if (unique) {
            check(keysOf(document, null), Map.of(), collection);
        }
    }

    @Override
    public void checkUpdate(Document oldDocument, Document newDocument, MongoCollection<Object> collection) {
        if (unique && isChanged(oldDocument, newDocument)) {
            check(keysOf(newDocument, null), keysOf(oldDocument, null), collection);
        }
    }

    private void check(
            Map<Key, @Nullable KeyValue> keys, Map<Key, @Nullable KeyValue> own, MongoCollection<Object> collection) {
        keys.forEach((key, value) -> {
            if (value != null && !own.containsKey(key) && entries.containsKey(key.bytes)) {
                throw new DuplicateKeyError(this, collection, getKeys(), value);
            }
        });
    }

    @Override
    public void add(Document document, Object position, MongoCollection<Object> collection) {
        keysOf(document, position).keySet().forEach(key -> entries.put(key.bytes, position));
    }

    /** Adds the entries that only the new document has. */
    void addChanged(Document oldDocument, Document newDocument, Object position) {
        var old = keysOf(oldDocument, position).keySet();
        keysOf(newDocument, position).keySet().stream()
                .filter(key -> !old.contains(key))
                .forEach(key -> entries.put(key.bytes, position));
    }

    /** Removes the entries that only the old document has. */
    void removeChanged(Document oldDocument, Document newDocument, Object position) {
        var kept = keysOf(newDocument, position).keySet();
        keysOf(oldDocument, position).keySet().stream()
                .filter(key -> !kept.contains(key))
                .forEach(key -> entries.remove(key.bytes));
    }

    void removeEntries(Document document, Object position) {
        keysOf(document, position).keySet().forEach(key -> entries.remove(key.bytes));
    }

    @Override
    public Object remove(Document document) {
        throw new UnsupportedOperationException("the collection removes entries");
    }

    @Override
    public void updateInPlace(
            Document oldDocument, Document newDocument, Object position, MongoCollection<Object> collection) {
        // The collection updates the entries together with the document
    }

    @Override
    public @Nullable Object getPosition(Document document) {
        // Only the index of _id has positions
        return null;
    }

    @Override
    public boolean isUnique() {
        return unique;
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
        return entries.sizeAsLong();
    }

    @Override
    public long getDataSize() {
        return getCount();
    }

    @Override
    public void drop() {
        entries.clear();
    }

    /** Removes the map too. Otherwise the next start would treat it as complete. */
    void discard() {
        entries.getStore().removeMap(entries);
    }

    private static final class Key {

        private final byte[] bytes;

        Key(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
