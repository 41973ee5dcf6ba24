package io.perch.localstack;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import io.perch.localstack.mongo.EmbeddedMongo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server of MongoDB's wire protocol in this JVM. It keeps its data in an H2 store. */
final class MongoDb implements Component {

    /** Connections share threads. With few threads, a long query of one connection delays the others. */
    private static final int CONNECTION_THREADS = 32;

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

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
        MongoBackend backend;
        try {
            backend = EmbeddedMongo.open(file);
        } catch (IOException e) {
            throw new IOException("its data " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
        var opened = new MongoServer(backend);
        server = opened;
        opened.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 1, CONNECTION_THREADS);
    }

    @Override
    public synchronized boolean isAlive() {
        return server != null && server.getLocalAddress() != null;
    }

    @Override
    public synchronized void stop() {
        if (server != null) {
            // Also closes the store, which then writes what is not yet committed
            server.shutdownNow();
            server = null;
        }
    }
}
