package io.perch.systemtests.faults;

import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The database: in this JVM, or at {@code MONGO_URI}. The tests connect to it directly, without the proxies. */
final class Database implements AutoCloseable {

    private static final int DEFAULT_PORT = 27017;

    private final @Nullable MongoServer own;
    private final InetSocketAddress address;
    private final String name;
    private final MongoClient client;

    /** Opens an empty database. */
    Database(String name) {
        this.name = name;
        var uri = System.getenv("MONGO_URI");
        if (uri == null) {
            var server = new MongoServer(H2Backend.inMemory());
            own = server;
            address = server.bind();
        } else {
            own = null;
            address = address(new ConnectionString(uri));
        }
        client = MongoClients.create(uri(address));
        contents().drop();
    }

    private static InetSocketAddress address(ConnectionString uri) {
        var host = uri.getHosts().get(0).split(":", 2);
        return new InetSocketAddress(host[0], host.length == 2 ? Integer.parseInt(host[1]) : DEFAULT_PORT);
    }

    /** The connection string for exactly one server at this address. */
    static String uri(InetSocketAddress address) {
        return "mongodb://%s:%d/?directConnection=true".formatted(address.getHostString(), address.getPort());
    }

    InetSocketAddress address() {
        return address;
    }

    String name() {
        return name;
    }

    MongoDatabase contents() {
        return client.getDatabase(name);
    }

    @Override
    public void close() {
        client.close();
        if (own != null) {
            own.shutdownNow();
        }
    }
}
