package io.perch.resourceserver.events;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.kafka.autoconfigure.ConcurrentKafkaListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerExecutionFailedException;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts together what listeners to the events of users need. Converter and error handler are no beans: Boot would give them to
 * every listener, or to none.
 */
@Configuration(proxyBeanMethods = false)
class UserEventsConfiguration {

    private static final long RETRY_FIRST_MILLIS = 200;
    private static final long RETRY_MAX_MILLIS = 5_000;
    private static final int TRIES = 5;

    @Bean
    NewTopics userEventTopics(UserEventsProperties properties) {
        return new NewTopics(topic(properties.topic(), properties), topic(properties.deadLetterTopic(), properties));
    }

    @Bean
    UserEventReader userEventReader(JsonMapper mapper) {
        return new UserEventReader(mapper);
    }

    @Bean(UserEvents.LISTENERS)
    ConcurrentKafkaListenerContainerFactory<Object, Object> userEventListeners(
            ConcurrentKafkaListenerContainerFactoryConfigurer boot,
            ConsumerFactory<Object, Object> consumers,
            KafkaTemplate<String, byte[]> kafka,
            UserEventReader reader,
            UserEventsProperties properties) {
        ConcurrentKafkaListenerContainerFactory<Object, Object> factory =
                new ConcurrentKafkaListenerContainerFactory<>();
        boot.configure(factory, consumers);
        factory.setRecordMessageConverter(new UserEventConverter(reader));
        String realm = properties.realm();
        factory.setRecordFilterStrategy(record -> reader.isForeign((byte[]) record.value(), realm));
        factory.setCommonErrorHandler(errorHandler(kafka, properties.deadLetterTopic()));
        return factory;
    }

    /** What cannot be read is set aside at once, what fails for a reason of its own after some tries. */
    private static DefaultErrorHandler errorHandler(KafkaTemplate<String, byte[]> kafka, String deadLetterTopic) {
        DeadLetterPublishingRecoverer setAside = new DeadLetterPublishingRecoverer(
                kafka, (failed, reason) -> isSomebodyElses(reason) ? null : new TopicPartition(deadLetterTopic, -1));
        DefaultErrorHandler handler = new DefaultErrorHandler(setAside, backOff(TRIES));
        // While the database is away, everything waits, as long as it takes.
        handler.setBackOffFunction((failed, reason) -> isOutage(reason) ? backOff(Integer.MAX_VALUE) : null);
        return handler;
    }

    /** Of all groups that cannot read a record, one sets it aside. */
    private static boolean isSomebodyElses(Exception failure) {
        return failure instanceof ListenerExecutionFailedException failed
                && has(failed, ConversionException.class)
                && !UserEvents.PROJECTION_GROUP.equals(failed.getGroupId());
    }

    private static boolean isOutage(Exception failure) {
        return has(failure, DataAccessResourceFailureException.class)
                || has(failure, TransientDataAccessException.class);
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static BackOff backOff(int tries) {
        ExponentialBackOff backOff = new ExponentialBackOff(RETRY_FIRST_MILLIS, 2);
        backOff.setMaxInterval(RETRY_MAX_MILLIS);
        backOff.setMaxAttempts(tries);
        return backOff;
    }

    private static NewTopic topic(String name, UserEventsProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .build();
    }
}
