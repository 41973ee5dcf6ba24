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

/** A few connections to the old MongoDB. What a question may take counts from its first step, whatever that waits for. */
final class MongoConnections implements AutoCloseable {

    /** A question to the collection. */
    @FunctionalInterface
    interface Question<T> {
        T ask(MongoCollection<BsonDocument> collection);
    }

    private final Settings settings;
    private final MongoClient client;

    MongoConnections(Settings settings) {
        this.settings = settings;
        this.client = MongoClients.create(clientSettings(settings));
    }

    /**
     * The answer.
     *
     * @param millis within which it must come, from now on
     * @throws LegacyDatabaseException where it does not come in time, or is an error
     */
    <T> T ask(int millis, Question<T> question) {
        try {
            return question.ask(client.getDatabase(settings.database())
                    .getCollection(settings.table(), BsonDocument.class)
                    .withTimeout(millis, TimeUnit.MILLISECONDS));
        } catch (MongoException e) {
            throw new LegacyDatabaseException(reason(e), e);
        } catch (BSONException | IllegalStateException e) {
            // Not what a MongoDB sends, or closed in this moment
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
                // For what watches the servers: the first question waits for it
                .applyToSocketSettings(socket -> socket.connectTimeout(settings.timeout(), TimeUnit.MILLISECONDS))
                .applyToSslSettings(tls -> secure(tls, settings.tls()))
                // Signing in goes on while a replica set elects
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

    // The code is the server's; the message may repeat what was asked for
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
