package io.perch.resourceserver.account;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;
import java.util.UUID;
import org.springframework.data.mapping.model.SnakeCaseFieldNamingStrategy;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.NoOpDbRefResolver;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;

/** A database of a test's own: on the server that {@code MONGO_URI} names, or on one in memory. */
final class AccountDatabase implements AutoCloseable {

    private final MongoServer server = new MongoServer(new MemoryBackend());
    private final String uri;
    private final String name = "perch_account_" + UUID.randomUUID();
    private final MongoClient client;
    private final MongoTemplate mongo;

    AccountDatabase() {
        String given = System.getenv("MONGO_URI");
        uri = given == null ? server.bindAndGetConnectionString() : given;
        client = MongoClients.create(uri);
        MongoCustomConversions conversions = new MongoCustomConversions(List.of());
        MongoMappingContext mapping = new MongoMappingContext();
        mapping.setFieldNamingStrategy(new SnakeCaseFieldNamingStrategy());
        mapping.setSimpleTypeHolder(conversions.getSimpleTypeHolder());
        MappingMongoConverter converter = new MappingMongoConverter(NoOpDbRefResolver.INSTANCE, mapping);
        converter.setCustomConversions(conversions);
        converter.afterPropertiesSet();
        mongo = new MongoTemplate(new SimpleMongoClientDatabaseFactory(client, name), converter);
    }

    MongoTemplate mongo() {
        return mongo;
    }

    /** Returns the settings that name this database. */
    String[] settings() {
        return new String[] {"--MONGO_URI=" + uri, "--DATABASE_NAME=" + name};
    }

    @Override
    public void close() {
        mongo.getDb().drop();
        client.close();
        server.shutdownNow();
    }
}
