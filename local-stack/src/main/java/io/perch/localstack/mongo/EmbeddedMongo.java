package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** Creates backends for a {@link de.bwaldvogel.mongo.MongoServer}. */
public final class EmbeddedMongo {

    /** Milliseconds of writes that are lost at most if the process is killed. */
    private static final int COMMIT_DELAY = 100;

    private static final int CACHE_MEGABYTES = 128;

    /** Each write replaces a whole page, so with small pages less is written. */
    private static final int PAGE_BYTES = 4 * 1024;

    /**
     * With more unwritten data than this, a write waits for a commit. With the default of the store, 1 MB, one batch
     * would commit several times.
     */
    private static final int COMMIT_KILOBYTES = 16 * 1024;

    /**
     * Milliseconds for which unused space in the file is not written again. After a crash of the machine, newer parts
     * of the file may be on disk while older ones are missing.
     */
    private static final int RETENTION = 5_000;

    /**
     * If less than this percentage of a part of the file is in use, the part is rewritten. With the default of the
     * store, 90, most data are written twice.
     */
    private static final int FILL_RATE = 40;

    private EmbeddedMongo() {}

    /** A backend without a file, for tests. Its data are lost when it is closed. */
    public static MongoBackend inMemory(Clock clock) {
        return new StoredBackend(MVStore.open(null), clock);
    }

    /**
     * A backend with a file, which is created if it is missing. A file of mongo-java-server's own H2 backend is
     * converted.
     *
     * @throws IOException if the file cannot be read, or if another process has opened it
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
            // Only now, because the store's own thread fails if a map is removed before it was opened
            store.setAutoCommitDelay(COMMIT_DELAY);
            return backend;
        } catch (RuntimeException e) {
            store.closeImmediately();
            throw new IOException(e.toString(), e);
        }
    }
}
