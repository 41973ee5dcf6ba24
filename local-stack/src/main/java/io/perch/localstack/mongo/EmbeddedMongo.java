package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** Makes backends for a {@link de.bwaldvogel.mongo.MongoServer}. */
public final class EmbeddedMongo {

    /** How much a killed process can lose, in milliseconds of writes. */
    private static final int COMMIT_DELAY = 100;

    private static final int CACHE_MEGABYTES = 128;

    /** A write replaces a whole page, so small pages write less. */
    private static final int PAGE_BYTES = 4 * 1024;

    /** Above this, a write waits for a commit. With the store's own 1 MB a single batch would commit several times. */
    private static final int COMMIT_KILOBYTES = 16 * 1024;

    /**
     * For how long space of the file that nothing needs any more is not used again, in milliseconds. A machine that
     * crashes may have written newer parts and not yet older ones.
     */
    private static final int RETENTION = 5_000;

    /** Below this share of what is still needed, in percent, parts of the file are written anew. The store's own 90 writes most of it twice. */
    private static final int FILL_RATE = 40;

    private EmbeddedMongo() {}

    /** A backend whose data end with it, for tests. */
    public static MongoBackend inMemory(Clock clock) {
        return new StoredBackend(MVStore.open(null), clock);
    }

    /**
     * A backend on a file, which is made where it is missing. A file of mongo-java-server's own H2 backend is
     * converted.
     *
     * @throws IOException if the file cannot be read, or another process has it open
     */
    public static MongoBackend open(Path file) throws IOException {
        MVStore store;
        try {
            store = new MVStore.Builder()
                    .fileName(file.toString())
                    .cacheSize(CACHE_MEGABYTES)
                    .pageSplitSize(PAGE_BYTES)
                    .autoCommitBufferSize(COMMIT_KILOBYTES)
                    .autoCommitDisabled()
                    .autoCompactFillRate(FILL_RATE)
                    .open();
        } catch (MVStoreException e) {
            throw new IOException(e.getMessage(), e);
        }
        store.setRetentionTime(RETENTION);
        try {
            var backend = new StoredBackend(store, Clock.systemUTC());
            // Not before: the store's own thread fails on a map that is removed before it was opened
            store.setAutoCommitDelay(COMMIT_DELAY);
            return backend;
        } catch (RuntimeException e) {
            store.closeImmediately();
            throw new IOException(e.toString(), e);
        }
    }
}
