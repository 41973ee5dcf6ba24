package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskVersion;
import io.perch.resourceserver.task.TasksChangedElsewhere;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes the changes of tasks to all instances, in batches. A change may be published twice, out of order, or not at all. So
 * readers compare versions, and also read the database from time to time.
 */
class TaskEventChannel implements SmartLifecycle {

    /** Header: the instance that published the record. It ignores its own records. */
    private static final String INSTANCE = "instance";

    private static final Logger log = LoggerFactory.getLogger(TaskEventChannel.class);
    private static final int QUEUE = 50_000;
    private static final int BATCH = 500;
    private static final long LINGER_MILLIS = 10;
    private static final long IDLE_MILLIS = 200;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    private final Publisher publisher;
    private final ApplicationEventPublisher events;
    private final JsonMapper mapper;
    private final String topic;
    private final byte[] instance;
    private final LinkedBlockingQueue<TaskVersion> waiting = new LinkedBlockingQueue<>(QUEUE);
    private final LoopThread thread = new LoopThread("task-events", this::run);

    TaskEventChannel(
            Publisher publisher, ApplicationEventPublisher events, JsonMapper mapper, String topic, String instance) {
        this.publisher = publisher;
        this.events = events;
        this.mapper = mapper;
        this.topic = topic;
        this.instance = instance.getBytes(StandardCharsets.US_ASCII);
    }

    @EventListener
    void onChange(TaskChanged changed) {
        if (!waiting.offer(changed.version())) {
            log.warn(
                    "task_id={} its change is not published: the queue is full",
                    changed.task().id());
        }
    }

    /** Every instance has its own consumer group and starts at the end of the topic. */
    @KafkaListener(
            topics = "${perch.pipeline.events-topic}",
            groupId = "${perch.kafka.group-prefix}-task-events-#{T(java.util.UUID).randomUUID()}",
            properties = "auto.offset.reset=latest")
    void onRecord(ConsumerRecord<String, byte[]> record) {
        Header publishedBy = record.headers().lastHeader(INSTANCE);
        if (publishedBy != null && Arrays.equals(publishedBy.value(), instance)) {
            return;
        }
        try {
            TaskEventBatch batch = mapper.readValue(record.value(), TaskEventBatch.class);
            events.publishEvent(new TasksChangedElsewhere(batch.versions()));
        } catch (JacksonException | NullPointerException e) {
            log.warn("A record of {} is unreadable and is dropped: {}", topic, e.getMessage());
        } catch (RuntimeException e) {
            log.error("The changes of a record of {} were not processed", topic, e);
        }
    }

    @Override
    public void start() {
        thread.start();
    }

    /** Stops after the last result was stored. */
    @Override
    public void stop() {
        thread.stop(STOP_TIMEOUT);
    }

    @Override
    public boolean isRunning() {
        return thread.isRunning();
    }

    @Override
    public int getPhase() {
        return RunningLogins.PHASE - 1;
    }

    private void run() {
        List<TaskVersion> batch = new ArrayList<>();
        while (thread.isRunning() || !waiting.isEmpty()) {
            try {
                TaskVersion first = waiting.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    TimeUnit.MILLISECONDS.sleep(LINGER_MILLIS);
                    batch.add(first);
                    waiting.drainTo(batch, BATCH - 1);
                    publish(batch);
                    batch.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.error("{} changes were not published", batch.size(), e);
                batch.clear();
            }
        }
    }

    private void publish(List<TaskVersion> batch) {
        // Without a key: readers compare versions, so the order does not matter
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, null, mapper.writeValueAsBytes(TaskEventBatch.of(batch)));
        record.headers().add(INSTANCE, instance);
        publisher.publish(record);
    }
}
