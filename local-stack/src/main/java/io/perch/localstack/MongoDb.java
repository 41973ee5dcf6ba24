package io.perch.localstack;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.IOException;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** A server of MongoDB's wire protocol that keeps its data in an H2 store, in this JVM. */
final class MongoDb implements Component {

    /** How much a killed launcher can lose, in milliseconds of writes. */
    private static final int COMMIT_DELAY = 100;

    private final DataDirectory data;
    private final int port;
    private @Nullable MongoServer server;

    MongoDb(DataDirectory data, int port) {
        this.data = data;
        this.port = port;
    }

    @Override
    public String name() {
        return "mongo";
    }

    @Override
    public Path log() {
        return data.log(Main.OWN_LOG);
    }

    @Override
    public synchronized void start() throws IOException {
        var file = data.directory("mongo").resolve("perch.mv");
        MVStore store;
        try {
            store = new MVStore.Builder().fileName(file.toString()).open();
        } catch (MVStoreException e) {
            throw new IOException("its data " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
        store.setAutoCommitDelay(COMMIT_DELAY);
        var opened = new MongoServer(new H2Backend(store));
        server = opened;
        opened.bind("127.0.0.1", port);
    }

    @Override
    public synchronized boolean isAlive() {
        return server != null && server.getLocalAddress() != null;
    }

    @Override
    public synchronized void stop() {
        if (server != null) {
            // Closes the store too, which writes what is not yet committed
            server.shutdownNow();
            server = null;
        }
    }
}
