package io.perch.resourceserver.mongo;

import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoOperations;

/** Beans of a running server: creation of indexes, and health indicators. */
@Configuration(proxyBeanMethods = false)
class MongoServerConfiguration {

    @Bean
    IndexBuilder indexBuilder(
            MongoDatabaseFactory database, ObjectProvider<IndexedCollection> collections, MongoProperties properties) {
        return new IndexBuilder(database, collections.orderedStream().toList(), properties.indexRetry());
    }

    /** Spring Boot's own indicator sends {@code hello}, which the embedded default's MongoDB does not support. */
    @Bean
    HealthIndicator databaseHealthIndicator(MongoOperations mongo) {
        return () -> {
            try {
                mongo.executeCommand("{ping: 1}");
                return Health.up().build();
            } catch (DataAccessException e) {
                return Health.down(e).build();
            }
        };
    }

    /** A missing index makes queries slow but is not an outage. */
    @Bean
    HealthIndicator indexesHealthIndicator(IndexBuilder indexes) {
        return () -> {
            Map<String, String> missing = indexes.missing();
            return Health.up()
                    .withDetail("missing", missing.keySet().stream().sorted().toList())
                    .build();
        };
    }
}
