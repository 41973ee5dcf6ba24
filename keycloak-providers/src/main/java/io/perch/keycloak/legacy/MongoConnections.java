package io.perch.keycloak.legacy;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ReadPreference;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.connection.SslSettings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BSONException;
import org.bson.BsonDocument;

/** The connections to the old MongoDB. The timeout of a query includes all waits, also the one for a connection. */
final class MongoConnections implements AutoCloseable {

    /** A query to the collection. */
    @FunctionalInterface
    interface Query<T> {
        T run(MongoCollection<BsonDocument> collection);
    }

    private final Settings settings;
    private final MongoClient client;

    MongoConnections(Settings settings) {
        this.settings = settings;
        this.client = MongoClients.create(clientSettings(settings));
    }

    /**
     * Runs a query and returns its result.
     *
     * @param millis the timeout, including the wait for a connection
     * @throws LegacyDatabaseException if there is no result in time, or the query fails
     */
    <T> T query(int millis, Query<T> query) {
        try {
            return query.run(client.getDatabase(settings.database())
                    .getCollection(settings.table(), BsonDocument.class)
                    .withTimeout(millis, TimeUnit.MILLISECONDS));
        } catch (MongoException e) {
            throw new LegacyDatabaseException(reason(e), e);
        } catch (BSONException | IllegalStateException e) {
            // The answer is not valid BSON, or the client was closed in the meantime
            throw new LegacyDatabaseException("no answer that can be read", e);
        }
    }

    private static MongoClientSettings clientSettings(Settings settings) {
        List<ServerAddress> hosts = settings.hosts().stream()
                .map(host -> new ServerAddress(host.name(), host.port()))
                .toList();
        MongoClientSettings.Builder builder = MongoClientSettings.builder()
                .applicationName("keycloak-" + LegacyUsersFactory.PROVIDER_ID)
                .applyToClusterSettings(cluster -> cluster.hosts(hosts))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(settings.connections()))
                // The timeout of the driver's server monitor, because the first query waits for that
                .applyToSocketSettings(socket -> socket.connectTimeout(settings.timeout(), TimeUnit.MILLISECONDS))
                .applyToSslSettings(tls -> secure(tls, settings.tls()))
                // So that sign-ins work while a replica set elects a new primary
                .readPreference(ReadPreference.primaryPreferred())
                .timeout(settings.timeout(), TimeUnit.MILLISECONDS);
        if (!settings.user().isEmpty()) {
            builder.credential(MongoCredential.createCredential(
                    settings.user(), settings.authSource(), settings.password().toCharArray()));
        }
        return builder.build();
    }

    private static void secure(SslSettings.Builder builder, Tls tls) {
        builder.enabled(tls != Tls.DISABLE);
        if (tls == Tls.REQUIRE) {
            builder.invalidHostNameAllowed(true).context(AnyCertificate.context());
        }
    }

    // Only the server's error code. The message is left out, because it may contain the query's values
    private static String reason(MongoException e) {
        if (e instanceof MongoSecurityException) {
            return "the database refuses the user";
        }
        if (e instanceof MongoTimeoutException || e instanceof MongoSocketException) {
            return "the database does not answer";
        }
        return "the database says " + e.getCode();
    }

    @Override
    public void close() {
        client.close();
    }
}
