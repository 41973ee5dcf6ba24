package io.perch.keycloak.legacy;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.keycloak.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.netcrusher.core.reactor.NioReactor;
import org.netcrusher.tcp.TcpCrusher;
import org.netcrusher.tcp.TcpCrusherBuilder;

/** A server with MongoDB's protocol, behind a proxy that can be blocked. */
final class OldMongoDb extends OldDatabase {

    private static final String DATABASE = "old";

    private final MongoServer server;
    private final MongoClient client;
    private final NioReactor reactor;
    private final TcpCrusher way;

    OldMongoDb() {
        this(new MongoServer(new MemoryBackend()), false);
    }

    /** A server that accepts only TLS. */
    OldMongoDb(ServerCertificate tls) {
        this(withTls(tls), true);
    }

    private OldMongoDb(MongoServer server, boolean tls) {
        this.server = server;
        ServerAddress address = new ServerAddress(server.bind());
        client = MongoClients.create(MongoClientSettings.builder()
                .applyToClusterSettings(cluster -> cluster.hosts(List.of(address)))
                .applyToSslSettings(
                        ssl -> ssl.enabled(tls).invalidHostNameAllowed(true).context(AnyCertificate.context()))
                .build());
        try {
            reactor = new NioReactor();
            way = TcpCrusherBuilder.builder()
                    .withReactor(reactor)
                    .withBindAddress("localhost", FreePorts.next())
                    .withConnectAddress(server.getLocalAddress())
                    .buildAndOpen();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MongoServer withTls(ServerCertificate tls) {
        MongoServer server = new MongoServer(new MemoryBackend());
        server.enableSsl(tls.privateKey(), ServerCertificate.PASSWORD, tls.x509());
        return server;
    }

    @Override
    String vendor() {
        return "mongodb";
    }

    @Override
    int port() {
        return way.getBindAddress().getPort();
    }

    @Override
    String database() {
        return DATABASE;
    }

    /** Empty, because the server does not require a user. */
    @Override
    String user() {
        return "";
    }

    MongoCollection<Document> users() {
        return client.getDatabase(DATABASE).getCollection("users");
    }

    @Override
    void clear() {
        users().drop();
    }

    @Override
    void drop() {
        users().drop();
    }

    /** Duplicates are always allowed. */
    @Override
    void allowDuplicates() {}

    @Override
    void add(List<Map<String, Object>> rows) {
        List<Document> documents = rows.stream().map(Document::new).toList();
        // The default of the SQL tables
        documents.forEach(document -> document.putIfAbsent("created_at", Instant.now()));
        users().insertMany(documents);
    }

    @Override
    void change(String username, Map<String, Object> columns) {
        users().updateMany(
                        username.equals("%") ? Filters.empty() : Filters.eq("username", username),
                        new Document("$set", new Document(columns)));
    }

    @Override
    AutoCloseable freeze() {
        way.freeze();
        return way::unfreeze;
    }

    @Override
    public void close() {
        client.close();
        way.close();
        reactor.close();
        server.shutdownNow();
    }
}
