package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskReady;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** Publishes claimable tasks, with the account as the key. The poll finds tasks that were not published. */
class ReadyPublisher {

    private final Publisher publisher;
    private final TraceHeaders traces;
    private final JsonMapper mapper;
    private final String topic;

    ReadyPublisher(Publisher publisher, TraceHeaders traces, JsonMapper mapper, String topic) {
        this.publisher = publisher;
        this.traces = traces;
        this.mapper = mapper;
        this.topic = topic;
    }

    @EventListener
    void onTask(TaskReady ready) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                topic, ready.task().account(), mapper.writeValueAsBytes(LoginRequested.of(ready.task())));
        traces.inject(record.headers());
        publisher.publish(record);
    }
}
