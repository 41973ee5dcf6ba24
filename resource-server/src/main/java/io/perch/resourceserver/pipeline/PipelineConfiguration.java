package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.task.DueTasks;
import io.perch.resourceserver.task.Tasks;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.converter.ByteArrayJacksonJsonMessageConverter;
import org.springframework.kafka.support.converter.RecordMessageConverter;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

/** Puts the pipeline together. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class PipelineConfiguration {

    private static final int PUBLISH_QUEUE = 10_000;
    private static final Duration LAST_RECORDS = Duration.ofSeconds(5);
    private static final long RETRY_FIRST_MILLIS = 500;
    private static final long RETRY_MAX_MILLIS = 10_000;

    @Bean
    NewTopics pipelineTopics(PipelineProperties properties) {
        return new NewTopics(
                topic(properties.topic(), properties),
                topic(properties.deadLetterTopic(), properties),
                topic(properties.eventsTopic(), properties));
    }

    /**
     * This running server.
     *
     * @param id what it signs its claims with
     */
    record Instance(String id) {}

    @Bean
    Instance instance() {
        return new Instance(UUID.randomUUID().toString());
    }

    @Bean
    Topics topics(KafkaAdmin kafka) {
        return new Topics(kafka);
    }

    /** A trace goes along when work is handed to another thread. */
    @Bean
    ContextPropagatingTaskDecorator contextPropagatingTaskDecorator() {
        return new ContextPropagatingTaskDecorator();
    }

    /** One thread keeps the order; a full queue means that Kafka is away, and then the sweeper takes over. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor publishExecutor(ThreadPoolTaskExecutorBuilder builder) {
        ThreadPoolTaskExecutor executor = builder.threadNamePrefix("publish-")
                .corePoolSize(1)
                .maxPoolSize(1)
                .queueCapacity(PUBLISH_QUEUE)
                .awaitTermination(true)
                .awaitTerminationPeriod(LAST_RECORDS)
                .build();
        // Logins that end while the server stops have something to tell.
        executor.setAcceptTasksAfterContextClose(true);
        executor.setPhase(RunningLogins.PHASE - 1);
        return executor;
    }

    /** The number of logins is bounded where they are taken. */
    @Bean(defaultCandidate = false)
    @ConditionalOnThreading(Threading.VIRTUAL)
    SimpleAsyncTaskExecutor loginExecutor(SimpleAsyncTaskExecutorBuilder builder) {
        return builder.threadNamePrefix("login-").build();
    }

    /**
     * Before JDK 21 threads are dear, so they are kept for the next login. While the server stops, {@link RunningLogins}
     * decides what still runs and what ends, not this.
     */
    @Bean(name = "loginExecutor", defaultCandidate = false)
    @ConditionalOnThreading(Threading.PLATFORM)
    ThreadPoolTaskExecutor loginThreads(ThreadPoolTaskExecutorBuilder builder, PipelineProperties properties) {
        ThreadPoolTaskExecutor executor = builder.threadNamePrefix("login-")
                .corePoolSize(properties.concurrency())
                .maxPoolSize(properties.concurrency())
                .queueCapacity(Integer.MAX_VALUE)
                .allowCoreThreadTimeOut(true)
                .awaitTermination(true)
                .build();
        executor.setAcceptTasksAfterContextClose(true);
        executor.setPhase(RunningLogins.PHASE - 1);
        return executor;
    }

    @Bean
    Publisher publisher(
            KafkaTemplate<String, byte[]> kafka, @Qualifier("publishExecutor") ThreadPoolTaskExecutor executor) {
        return new Publisher(kafka, executor);
    }

    @Bean
    LoginPublisher loginPublisher(Publisher publisher, JsonMapper mapper, PipelineProperties properties) {
        return new LoginPublisher(publisher, mapper, properties.topic());
    }

    @Bean
    TaskNewsChannel taskNewsChannel(
            Publisher publisher,
            ApplicationEventPublisher events,
            JsonMapper mapper,
            PipelineProperties properties,
            Instance instance) {
        return new TaskNewsChannel(publisher, events, mapper, properties.eventsTopic(), instance.id());
    }

    @Bean
    DatabasePatience databasePatience(Tasks tasks) {
        return new DatabasePatience(tasks.lease());
    }

    @Bean
    LoginRunner loginRunner(
            Tasks tasks,
            TwitterAccounts accounts,
            TwitterLogin twitter,
            DatabasePatience database,
            MeterRegistry meters) {
        return new LoginRunner(tasks, accounts, twitter, new Results(tasks, accounts, database), database, meters);
    }

    @Bean
    RunningLogins runningLogins(
            Tasks tasks,
            LoginRunner runner,
            @Qualifier("loginExecutor") TaskExecutor executor,
            ObjectProvider<KafkaListenerEndpointRegistry> listeners,
            PipelineProperties properties,
            Instance instance,
            MeterRegistry meters) {
        Intake intake = new Intake(listeners::getObject, properties.concurrency());
        RunningLogins logins = new RunningLogins(tasks, runner, executor, intake, properties, instance.id());
        meters.gauge("perch.pipeline.logins.running", logins, RunningLogins::size);
        meters.gauge("perch.pipeline.logins.limit", properties, PipelineProperties::concurrency);
        return logins;
    }

    @Bean
    LoginListener loginListener(Tasks tasks, RunningLogins logins, Instance instance, MeterRegistry meters) {
        return new LoginListener(tasks, logins, instance.id(), meters);
    }

    @Bean
    Sweeper sweeper(
            DueTasks tasks,
            LoginPublisher publisher,
            TaskScheduler scheduler,
            PipelineProperties properties,
            MeterRegistry meters) {
        return new Sweeper(tasks, publisher, scheduler, properties, meters);
    }

    /**
     * When there is no room for another login, or this instance stops, not one more record is taken up, not even of those
     * fetched already.
     */
    @Bean
    ContainerCustomizer<String, byte[], ConcurrentMessageListenerContainer<String, byte[]>> pausingAtOnce() {
        return container -> {
            container.getContainerProperties().setPauseImmediate(true);
            container.getContainerProperties().setStopImmediate(true);
        };
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
