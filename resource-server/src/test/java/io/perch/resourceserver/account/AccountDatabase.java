package io.perch.resourceserver.account;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.crypto.Sealer;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.mapping.model.SnakeCaseFieldNamingStrategy;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.data.mongodb.core.convert.MappingMongoConverter;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;
import org.springframework.data.mongodb.core.convert.NoOpDbRefResolver;
import org.springframework.data.mongodb.core.mapping.MongoMappingContext;

/** A database for one test, on the server at {@code MONGO_URI} or in memory. */
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

    AccountSecrets secrets(Sealer sealer) {
        return new AccountSecrets(new AccountRepository(mongo), sealer);
    }

    TwitterAccounts accounts(Sealer sealer, ApplicationEventPublisher events) {
        return accounts(sealer, events, acts -> {});
    }

    AccountCleanup cleanup(ActLog acts) {
        return new AccountCleanup(new AccountRepository(mongo), acts, new DatabaseTime(mongo));
    }

    TwitterAccounts accounts(Sealer sealer, ApplicationEventPublisher events, ActLog acts) {
        AccountRepository repository = new AccountRepository(mongo);
        return new TwitterAccounts(
                repository,
                new AccountSecrets(repository, sealer),
                userId -> List.of(),
                users -> Set.of(),
                acts,
                events,
                new DatabaseTime(mongo));
    }

    /** Stores an account as a task does when its attempt ends. */
    static String store(TwitterAccounts accounts, String userId, TwitterCredentials credentials) {
        String id = TwitterAccounts.id(userId, credentials.username());
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        accounts.write(List.of(new AccountWrite(
                userId, id, credentials.username(), accounts.seal(userId, id, credentials), now, null, null)));
        return id;
    }

    /** Opens an account's credentials as a login does. */
    static Optional<TwitterCredentials> credentials(TwitterAccounts accounts, String userId, String accountId) {
        return Optional.ofNullable(
                        accounts.credentials(Map.of(accountId, userId)).get(accountId))
                .map(accounts::open);
    }

    /** Returns the settings for this database. */
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
