package io.perch.resourceserver.mongo;

import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.mongodb.autoconfigure.MongoClientFactory;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoDatabaseFactorySupport;

/** Settings of the MongoDB client. */
@Configuration(proxyBeanMethods = false)
class MongoConfiguration {

    /** Every operation has a timeout, which includes dead connections and an exhausted pool. */
    @Bean
    MongoClientSettingsBuilderCustomizer boundedOperations(MongoProperties properties) {
        long timeout = properties.timeout().toMillis();
        return settings -> settings.timeout(timeout, TimeUnit.MILLISECONDS)
                .applyToClusterSettings(cluster -> cluster.serverSelectionTimeout(timeout, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(pool -> pool.maxSize(properties.connections()))
                .applyToSocketSettings(socket -> socket.connectTimeout(timeout, TimeUnit.MILLISECONDS));
    }

    /** Set here and not in the URI: acknowledged writes must survive the loss of a server. */
    @Bean
    MongoClientSettingsBuilderCustomizer majority() {
        return settings -> settings.writeConcern(WriteConcern.MAJORITY)
                .readConcern(ReadConcern.MAJORITY)
                .readPreference(ReadPreference.primary());
    }

    @Bean
    static BeanPostProcessor mongoOutages() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof MongoDatabaseFactorySupport<?> factory) {
                    factory.setExceptionTranslator(new MongoOutageTranslator());
                }
                return bean;
            }
        };
    }

    @Bean(destroyMethod = "close")
    RenewalDatabase renewalDatabase(
            MongoClientSettings settings,
            ObjectProvider<MongoClientSettingsBuilderCustomizer> customizers,
            MongoDatabaseFactory database) {
        MongoClientFactory factory =
                new MongoClientFactory(customizers.orderedStream().toList());
        return new RenewalDatabase(
                own -> factory.createMongoClient(own),
                settings,
                database.getMongoDatabase().getName());
    }
}
