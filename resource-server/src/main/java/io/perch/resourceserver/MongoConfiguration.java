package io.perch.resourceserver;

import io.perch.resourceserver.task.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.mongodb.core.MongoDatabaseFactorySupport;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.convert.MongoCustomConversions;

/** How this server talks to MongoDB. */
@Configuration(proxyBeanMethods = false)
class MongoConfiguration {

    /** A request would rather be refused than wait the driver's 30 seconds for a database that is away. */
    private static final Duration SERVER_SELECTION_TIMEOUT = Duration.ofSeconds(5);

    /** A connection that is dead without a word is given up after this long; no query of this server takes a second. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    @Bean
    MongoClientSettingsBuilderCustomizer failFast() {
        return settings -> settings.applyToClusterSettings(cluster ->
                        cluster.serverSelectionTimeout(SERVER_SELECTION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(
                        socket -> socket.connectTimeout(SERVER_SELECTION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                                .readTimeout(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
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

    /** Spring Boot's own indicator asks by {@code hello}, which a MongoDB of the embedded default does not know. */
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

    @Bean
    MongoCustomConversions mongoCustomConversions() {
        return new MongoCustomConversions(List.of(new StatusWriter(), new StatusReader()));
    }

    @WritingConverter
    private static final class StatusWriter implements Converter<TaskStatus, String> {
        @Override
        public String convert(TaskStatus status) {
            return status.wireName();
        }
    }

    @ReadingConverter
    private static final class StatusReader implements Converter<String, TaskStatus> {
        @Override
        public TaskStatus convert(String name) {
            return TaskStatus.ofWireName(name);
        }
    }
}
