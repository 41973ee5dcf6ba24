package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskSubmitted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes tasks to Kafka, out of the request's way: the client has its answer whether Kafka is there or not. What
 * cannot be published now is published by the sweeper later.
 */
class LoginPublisher {

    private static final Logger log = LoggerFactory.getLogger(LoginPublisher.class);

    private final KafkaOperations<String, byte[]> kafka;
    private final JsonMapper mapper;
    private final TaskExecutor executor;
    private final String topic;

    LoginPublisher(KafkaOperations<String, byte[]> kafka, JsonMapper mapper, TaskExecutor executor, String topic) {
        this.kafka = kafka;
        this.mapper = mapper;
        this.executor = executor;
        this.topic = topic;
    }

    @EventListener
    void publish(TaskSubmitted task) {
        try {
            executor.execute(() -> send(task));
        } catch (TaskRejectedException e) {
            log.warn("task_id={} not published: Kafka does not keep up", task.taskId());
        }
    }

    private void send(TaskSubmitted task) {
        LoginRequested request = new LoginRequested(task.taskId(), task.userId(), task.twitterUserId());
        try {
            byte[] value = mapper.writeValueAsBytes(request);
            var unused = kafka.send(topic, task.twitterUserId(), value).whenComplete((sent, failure) -> {
                if (failure != null) {
                    logUnpublished(task, failure);
                }
            });
        } catch (KafkaException e) {
            logUnpublished(task, e);
        }
    }

    private static void logUnpublished(TaskSubmitted task, Throwable reason) {
        log.warn("task_id={} not published: {}", task.taskId(), reason.getMessage());
    }
}
