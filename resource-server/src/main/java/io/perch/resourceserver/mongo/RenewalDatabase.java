package io.perch.resourceserver.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.bson.Document;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The connections for lease renewal. They are separate, so that leases are renewed even if the common pool is exhausted. Only for
 * lease renewal.
 */
public class RenewalDatabase implements AutoCloseable {

    private static final long TIMEOUT_MILLIS = 2_000;

    private final MongoClient client;
    private final String name;

    RenewalDatabase(Function<MongoClientSettings, MongoClient> clients, MongoClientSettings settings, String name) {
        this.client = clients.apply(settings);
        this.name = name;
    }

    /**
     * Runs an action with a collection.
     *
     * @throws DataAccessException if the database does not reply within two seconds, or refuses
     */
    public <T> T with(String collection, Function<MongoCollection<Document>, T> action) {
        try {
            return action.apply(client.getDatabase(name)
                    .withTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .getCollection(collection));
        } catch (MongoException e) {
            throw new DataAccessResourceFailureException("The leases could not be renewed", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
