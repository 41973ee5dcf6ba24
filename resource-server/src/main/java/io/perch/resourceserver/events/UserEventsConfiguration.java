package io.perch.resourceserver.events;

import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.kafka.autoconfigure.ConcurrentKafkaListenerContainerFactoryConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts together what listeners to the events of users need. Converter and error handler are no beans: Boot would give them to
 * every listener, or to none.
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
        factory.setCommonErrorHandler(UserEventFailures.handler(kafka, properties.deadLetterTopic()));
        return factory;
    }

    private static NewTopic topic(String name, UserEventsProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .build();
    }
}
