package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskReady;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** Tells all instances of tasks that want to be run. What cannot be told now, the sweeper tells later. */
class LoginPublisher {

    private final Publisher publisher;
    private final JsonMapper mapper;
    private final String topic;

    LoginPublisher(Publisher publisher, JsonMapper mapper, String topic) {
        this.publisher = publisher;
        this.mapper = mapper;
        this.topic = topic;
    }

    @EventListener
    void publish(TaskReady task) {
        LoginRequested request = new LoginRequested(task.taskId(), task.userId(), task.twitterUserId());
        publisher.publish(() -> new ProducerRecord<>(topic, task.twitterUserId(), mapper.writeValueAsBytes(request)));
    }
}
