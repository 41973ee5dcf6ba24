package io.perch.resourceserver.events;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.kafka.autoconfigure.ConcurrentKafkaListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.MicrometerConsumerListener;
import tools.jackson.databind.json.JsonMapper;

/**
 * The beans for listeners to user events. The converter and the error handler are not beans, because Spring Boot would use them
 * for all listeners.
 */
@Configuration(proxyBeanMethods = false)
class UserEventsConfiguration {

    @Bean
    NewTopics userEventTopics(UserEventsProperties properties) {
        return new NewTopics(topic(properties.topic(), properties), topic(properties.deadLetterTopic(), properties));
    }

    @Bean
    UserEventReader userEventReader(JsonMapper mapper) {
        return new UserEventReader(mapper);
    }

    @Bean
    UserEventLog userEventLog(
            ConsumerFactory<?, ?> consumers,
            UserEventReader reader,
            UserEventsProperties properties,
            MeterRegistry meters) {
        Map<String, Object> settings = new HashMap<>(consumers.getConfigurationProperties());
        UserEventLog.ungrouped(settings);
        DefaultKafkaConsumerFactory<String, byte[]> ungrouped = new DefaultKafkaConsumerFactory<>(settings);
        ungrouped.addListener(new MicrometerConsumerListener<>(meters));
        return new UserEventLog(ungrouped, reader, properties);
    }

    @Bean(UserEvents.LISTENERS)
    ConcurrentKafkaListenerContainerFactory<Object, Object> userEventListeners(
            ConcurrentKafkaListenerContainerFactoryConfigurer boot,
            ConsumerFactory<Object, Object> consumers,
            KafkaTemplate<String, byte[]> kafka,
            UserEventReader reader,
            UserEventsProperties properties,
            @Value(UserEvents.PROJECTION_GROUP) String projectionGroup) {
        ConcurrentKafkaListenerContainerFactory<Object, Object> factory =
                new ConcurrentKafkaListenerContainerFactory<>();
        boot.configure(factory, consumers);
        factory.setRecordMessageConverter(new UserEventConverter(reader));
        String realm = properties.realm();
        factory.setRecordFilterStrategy(record -> reader.isOfOtherRealm((byte[]) record.value(), realm));
        factory.setCommonErrorHandler(UserEventFailures.handler(kafka, properties.deadLetterTopic(), projectionGroup));
        return factory;
    }

    private static NewTopic topic(String name, UserEventsProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .build();
    }
}
