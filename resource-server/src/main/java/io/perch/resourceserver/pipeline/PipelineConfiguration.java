package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.kafka.DeadLetters;
import io.perch.resourceserver.task.Admission;
import io.perch.resourceserver.task.ClaimGate;
import io.perch.resourceserver.task.TaskClaims;
import io.perch.resourceserver.task.TaskLeases;
import io.perch.resourceserver.task.TaskOutcomes;
import io.perch.resourceserver.task.TaskPoll;
import io.perch.resourceserver.task.TaskResults;
import io.perch.resourceserver.twitter.TwitterLogin;
import java.time.Duration;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
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
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

/** The beans of the pipeline. */
@Configuration(proxyBeanMethods = false)
class PipelineConfiguration {

    private static final int PUBLISH_QUEUE = 10_000;
    private static final Duration PUBLISH_STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration EVENTS_RETENTION = Duration.ofHours(1);
    private static final Duration EVENTS_SEGMENT = Duration.ofMinutes(10);
    private static final long RETRY_FIRST_MILLIS = 500;
    private static final long RETRY_MAX_MILLIS = 10_000;

    @Bean
    NewTopics pipelineTopics(PipelineProperties properties) {
        return new NewTopics(
                topic(properties.topic(), properties).build(),
                topic(properties.deadLetterTopic(), properties).build(),
                // Kafka does not delete the active segment, so a new one starts after this time
                topic(properties.eventsTopic(), properties)
                        .config(TopicConfig.RETENTION_MS_CONFIG, Long.toString(EVENTS_RETENTION.toMillis()))
                        .config(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(EVENTS_SEGMENT.toMillis()))
                        .build());
    }

    /**
     * This running server.
     *
     * @param id the owner of its leases
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

    /** One thread keeps the order. If the queue is full, Kafka is unavailable, and the poll finds the tasks in the database. */
    @Bean(defaultCandidate = false)
    ThreadPoolTaskExecutor publishExecutor(ThreadPoolTaskExecutorBuilder builder) {
        ThreadPoolTaskExecutor executor = builder.threadNamePrefix("publish-")
                .corePoolSize(1)
                .maxPoolSize(1)
                .queueCapacity(PUBLISH_QUEUE)
                .awaitTermination(true)
                .awaitTerminationPeriod(PUBLISH_STOP_TIMEOUT)
                .taskDecorator(task -> task)
                .build();
        // Results of logins that end during shutdown are still published
        executor.setAcceptTasksAfterContextClose(true);
        executor.setPhase(RunningLogins.PHASE - 3);
        return executor;
    }

    /** Has no limit of its own: {@link RunningLogins} limits the number of logins. */
    @Bean(defaultCandidate = false)
    @ConditionalOnThreading(Threading.VIRTUAL)
    SimpleAsyncTaskExecutor loginExecutor(SimpleAsyncTaskExecutorBuilder builder) {
        return builder.threadNamePrefix("login-").build();
    }

    /**
     * Before JDK 21 threads are expensive, so they are reused. At shutdown, {@link RunningLogins} decides which logins continue,
     * not this executor.
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
        executor.setPhase(RunningLogins.PHASE - 3);
        return executor;
    }

    @Bean
    Publisher publisher(
            KafkaTemplate<String, byte[]> kafka, @Qualifier("publishExecutor") ThreadPoolTaskExecutor executor) {
        return new Publisher(kafka, executor);
    }

    @Bean
    TraceHeaders traceHeaders(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator) {
        return new TraceHeaders(
                tracer.getIfAvailable(() -> Tracer.NOOP), propagator.getIfAvailable(() -> Propagator.NOOP));
    }

    @Bean
    ReadyPublisher readyPublisher(
            Publisher publisher, TraceHeaders traces, JsonMapper mapper, PipelineProperties properties) {
        return new ReadyPublisher(publisher, traces, mapper, properties.topic());
    }

    @Bean
    TaskEventChannel taskEventChannel(
            Publisher publisher,
            ApplicationEventPublisher events,
            JsonMapper mapper,
            PipelineProperties properties,
            Instance instance) {
        return new TaskEventChannel(publisher, events, mapper, properties.eventsTopic(), instance.id());
    }

    /** A login passes its result to the writer. The writer calls back when the login's capacity is free. */
    @Bean
    RunningLogins runningLogins(
            ObjectProvider<LoginRunner> runner,
            @Qualifier("loginExecutor") TaskExecutor executor,
            PipelineProperties properties,
            MeterRegistry meters) {
        RunningLogins logins = new RunningLogins(
                login -> runner.getObject().run(login), executor, properties.concurrency(), properties.drainTimeout());
        meters.gauge("perch.pipeline.logins.running", logins, RunningLogins::size);
        meters.gauge("perch.pipeline.logins.limit", properties, PipelineProperties::concurrency);
        meters.gauge("perch.pipeline.room", logins, RunningLogins::capacity);
        return logins;
    }

    /** Gets {@link RunningLogins} only when needed. Spring stops dependent beans first, and the writer must stop after the logins. */
    @Bean
    ResultWriter resultWriter(
            TaskResults results, TaskClaims claims, ObjectProvider<RunningLogins> logins, MeterRegistry meters) {
        return new ResultWriter(
                results, claims.lease(), login -> logins.getObject().finished(login), meters);
    }

    @Bean
    LoginRunner loginRunner(
            TaskOutcomes outcomes,
            TwitterAccounts accounts,
            TwitterLogin twitter,
            TraceHeaders traces,
            ResultWriter results,
            MeterRegistry meters) {
        return new LoginRunner(outcomes, accounts, twitter, traces, results::add, meters);
    }

    /** Gets {@link RunningLogins} only when needed, like the result writer: it must stop after the logins. */
    @Bean
    LeaseKeeper leaseKeeper(
            ObjectProvider<RunningLogins> logins, TaskLeases leases, TaskClaims claims, PipelineProperties properties) {
        Duration longest = claims.lease().dividedBy(6);
        Duration interval = properties.renewInterval().compareTo(longest) < 0 ? properties.renewInterval() : longest;
        return new LeaseKeeper(() -> logins.getObject().all(), leases, claims.lease(), interval);
    }

    @Bean
    Claimer claimer(TaskClaims claims, ClaimGate gate, RunningLogins logins, Instance instance, MeterRegistry meters) {
        return new Claimer(claims, gate, logins, instance.id(), meters);
    }

    @Bean
    ClaimLoop claimLoop(
            TaskPoll poll,
            Claimer claimer,
            RunningLogins logins,
            Admission admission,
            PipelineProperties properties,
            MeterRegistry meters) {
        ClaimLoop loop = new ClaimLoop(poll, claimer, logins, admission, properties.pollInterval(), meters);
        logins.onCapacity(loop::onCapacity);
        return loop;
    }

    @Bean
    LoginListener loginListener(
            Claimer claimer,
            ClaimLoop loop,
            TraceHeaders traces,
            JsonMapper mapper,
            DeadLetters deadLetters,
            MeterRegistry meters) {
        return new LoginListener(claimer, loop, traces, mapper, deadLetters, meters);
    }

    /**
     * An instance that stops processes no more records. Offsets are committed synchronously. If the broker is unavailable, an
     * asynchronous commit may arrive after a later one, and the older offset would remain. The timeout is longer than the session
     * timeout. So either the commit succeeds, or the consumer rejoins and reads from the committed offset.
     */
    @Bean
    ContainerCustomizer<String, byte[], ConcurrentMessageListenerContainer<String, byte[]>>
            immediateStopAndSyncCommits() {
        return container -> {
            container.getContainerProperties().setStopImmediate(true);
            container.getContainerProperties().setSyncCommitTimeout(COMMIT_TIMEOUT);
        };
    }

    /** Publishes unreadable records to the dead-letter topic. */
    @Bean
    DeadLetters loginDeadLetters(KafkaTemplate<String, byte[]> kafka, PipelineProperties properties) {
        return new DeadLetters(kafka, (failed, reason) -> new TopicPartition(properties.deadLetterTopic(), -1));
    }

    /** A batch fails only if its unreadable records could not be published to the dead-letter topic. Then it is repeated. */
    @Bean
    CommonErrorHandler kafkaErrorHandler() {
        ExponentialBackOff backOff = new ExponentialBackOff(RETRY_FIRST_MILLIS, 2);
        backOff.setMaxInterval(RETRY_MAX_MILLIS);
        return new DefaultErrorHandler(backOff);
    }

    private static TopicBuilder topic(String name, PipelineProperties properties) {
        return TopicBuilder.name(name).partitions(properties.partitions()).replicas(properties.replicas());
    }
}
