package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskNews;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.KafkaListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings every instance the news of every task, whichever instance changed it. This instance's own need no broker. News
 * may come twice and out of order: whoever listens goes by their version.
 */
class TaskNewsChannel {

    /** Which instance tells: its own news it has heard already. */
    private static final String TELLER = "instance";

    private static final Logger log = LoggerFactory.getLogger(TaskNewsChannel.class);

    private final Publisher publisher;
    private final ApplicationEventPublisher events;
    private final JsonMapper mapper;
    private final String topic;
    private final byte[] instance;

    TaskNewsChannel(
            Publisher publisher, ApplicationEventPublisher events, JsonMapper mapper, String topic, String instance) {
        this.publisher = publisher;
        this.events = events;
        this.mapper = mapper;
        this.topic = topic;
        this.instance = instance.getBytes(StandardCharsets.US_ASCII);
    }

    @EventListener
    void tell(TaskChanged changed) {
        TaskNews news = changed.news();
        pass(news);
        publisher.publish(() -> {
            var record = new ProducerRecord<>(topic, news.userId(), mapper.writeValueAsBytes(news));
            record.headers().add(TELLER, instance);
            return record;
        });
    }

    /** Every instance has a group of its own, and begins with what happens from now on. */
    @KafkaListener(
            topics = "${perch.pipeline.events-topic}",
            groupId = "perch-news-#{T(java.util.UUID).randomUUID()}",
            properties = "auto.offset.reset=latest")
    void hear(ConsumerRecord<String, byte[]> heard) {
        Header teller = heard.headers().lastHeader(TELLER);
        if (teller != null && Arrays.equals(teller.value(), instance)) {
            return;
        }
        TaskNews news;
        try {
            news = mapper.readValue(heard.value(), TaskNews.class);
        } catch (JacksonException e) {
            log.warn("A record of {} cannot be read, and is dropped: {}", topic, e.getOriginalMessage());
            return;
        }
        pass(news);
    }

    /** Whoever cannot take the news must not hold up the task that they are of. */
    private void pass(TaskNews news) {
        try {
            events.publishEvent(news);
        } catch (RuntimeException e) {
            log.error("task_id={} the news of it were not taken", news.task().taskId(), e);
        }
    }
}
