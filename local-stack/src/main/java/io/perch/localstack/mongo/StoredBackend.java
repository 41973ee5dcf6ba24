package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractMongoBackend;
import java.time.Clock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * All databases of one store.
 *
 * <p>The store writes a version of all its maps several times a second. This may happen between two maps of one write.
 * After a normal stop all maps are complete. After a crash the documents are correct, but an index may not match them.
 * So the indexes are then rebuilt.
 */
final class StoredBackend extends AbstractMongoBackend {

    private static final String STATE = "perch.state";
    private static final String CLOSED = "closed";

    /** Milliseconds that a stop may spend on compacting the file. */
    private static final int COMPACTION = 1_000;

    private final MVStore store;

    StoredBackend(MVStore store, Clock clock) {
        super(clock);
        this.store = store;
        OldFormat.convert(store);
        MVMap<String, String> state = store.openMap(STATE);
        if (state.remove(CLOSED) == null) {
            store.getMapNames().stream()
                    .filter(name -> name.startsWith(StoredDatabase.INDEX))
                    .forEach(store::removeMap);
        }
        store.commit();
        store.getMapNames().stream()
                .filter(name -> name.startsWith(StoredDatabase.DOCUMENTS))
                .map(name -> name.substring(StoredDatabase.DOCUMENTS.length()))
                .map(namespace -> namespace.substring(0, namespace.indexOf('.')))
                .distinct()
                .forEach(this::resolveDatabase);
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String databaseName) {
        return new StoredDatabase(databaseName, store, getCursorRegistry());
    }

    @Override
    public void close() {
        if (store.isClosed()) {
            return;
        }
        super.close();
        MVMap<String, String> state = store.openMap(STATE);
        state.put(CLOSED, "in order");
        store.close(COMPACTION);
    }

    @Override
    public String toString() {
        return "StoredBackend[" + (store.isPersistent() ? "file" : "memory") + "]";
    }
}
