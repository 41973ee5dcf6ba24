package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.task.Tasks;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.util.UUID;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.converter.ByteArrayJacksonJsonMessageConverter;
import org.springframework.kafka.support.converter.RecordMessageConverter;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

/** Puts the pipeline together. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class PipelineConfiguration {

    private static final int PUBLISH_QUEUE = 10_000;
    private static final long RETRY_FIRST_MILLIS = 500;
    private static final long RETRY_MAX_MILLIS = 10_000;

    @Bean
    NewTopics pipelineTopics(PipelineProperties properties) {
        return new NewTopics(topic(properties.topic(), properties), topic(properties.deadLetterTopic(), properties));
    }

    /** One thread keeps the order; a full queue means that Kafka is away, and then the sweeper takes over. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor publishExecutor(ThreadPoolTaskExecutorBuilder builder) {
        return builder.threadNamePrefix("publish-")
                .corePoolSize(1)
                .maxPoolSize(1)
                .queueCapacity(PUBLISH_QUEUE)
                .build();
    }

    /** Virtual threads from JDK 21 on; whoever hands over more than the limit waits. */
    @Bean(defaultCandidate = false)
    SimpleAsyncTaskExecutor loginExecutor(SimpleAsyncTaskExecutorBuilder builder, PipelineProperties properties) {
        return builder.threadNamePrefix("login-")
                .concurrencyLimit(properties.concurrency())
                .taskTerminationTimeout(properties.drainTimeout())
                .build();
    }

    @Bean
    LoginPublisher loginPublisher(
            KafkaTemplate<String, byte[]> kafka,
            JsonMapper mapper,
            @Qualifier("publishExecutor") ThreadPoolTaskExecutor publishExecutor,
            PipelineProperties properties) {
        return new LoginPublisher(kafka, mapper, publishExecutor, properties.topic());
    }

    @Bean
    LoginRunner loginRunner(Tasks tasks, TwitterAccounts accounts, TwitterLogin twitter) {
        return new LoginRunner(tasks, accounts, twitter);
    }

    @Bean
    LoginListener loginListener(
            Tasks tasks, LoginRunner runner, @Qualifier("loginExecutor") SimpleAsyncTaskExecutor loginExecutor) {
        return new LoginListener(tasks, runner, loginExecutor, UUID.randomUUID().toString());
    }

    @Bean
    Sweeper sweeper(Tasks tasks, LoginPublisher publisher, PipelineProperties properties) {
        return new Sweeper(tasks, publisher, properties.sweepBatch());
    }

    /** Records are plain JSON; what is read is what the listener's parameter says, whatever a record's headers claim. */
    @Bean
    RecordMessageConverter jsonRecords(JsonMapper mapper) {
        return new ByteArrayJacksonJsonMessageConverter(mapper);
    }

    /** What cannot be read is set aside at once; what fails for another reason (the database is away) is tried again. */
    @Bean
    CommonErrorHandler kafkaErrorHandler(KafkaTemplate<String, byte[]> kafka, PipelineProperties properties) {
        DeadLetterPublishingRecoverer recoverer = new DeadLetterPublishingRecoverer(
                kafka, (failed, reason) -> new TopicPartition(properties.deadLetterTopic(), -1));
        ExponentialBackOff backOff = new ExponentialBackOff(RETRY_FIRST_MILLIS, 2);
        backOff.setMaxInterval(RETRY_MAX_MILLIS);
        return new DefaultErrorHandler(recoverer, backOff);
    }

    private static NewTopic topic(String name, PipelineProperties properties) {
        return TopicBuilder.name(name)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .build();
    }
}
