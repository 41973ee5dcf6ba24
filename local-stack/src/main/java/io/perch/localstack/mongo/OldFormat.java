package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.bson.Document;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts a store of mongo-java-server's own H2 backend. That one has Java-serialized documents, and indexes in maps
 * with another format.
 *
 * <p>The old map of a collection is removed only after all of its documents are written to the new map and committed.
 * If the conversion is interrupted, the next start continues it. Copying a document twice changes nothing.
 */
final class OldFormat {

    private static final Logger log = LoggerFactory.getLogger(OldFormat.class);

    private static final String DOCUMENTS = "databases.";
    private static final String SIZES = "meta.";
    private static final String INDEX = "._index_";

    private OldFormat() {}

    static void convert(MVStore store) {
        for (var name : store.getMapNames()) {
            if (name.startsWith(DOCUMENTS)) {
                MVMap<Object, Document> old = store.openMap(name);
                copy(old, StoredDatabase.documents(store, name.substring(DOCUMENTS.length())));
                store.commit();
                store.removeMap(old);
                store.commit();
                log.warn("converted {}", name);
            }
        }
        for (var name : store.getMapNames()) {
            boolean ours = name.startsWith(StoredDatabase.DOCUMENTS) || name.startsWith(StoredDatabase.INDEX);
            if (!ours && (name.startsWith(SIZES) || name.contains(INDEX))) {
                store.removeMap(name);
            }
        }
    }

    private static void copy(MVMap<Object, Document> from, MVMap<Object, byte[]> to) {
        var all = from.cursor(null);
        while (all.hasNext()) {
            var key = all.next();
            to.put(key, Bson.encode(all.getValue()));
        }
    }
}
