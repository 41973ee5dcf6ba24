package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import io.perch.resourceserver.pipeline.Claimer.Claimed;
import io.perch.resourceserver.task.DueTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Claims tasks from Kafka records, one batch at a time. It never waits for capacity and never repeats a batch: tasks that are not
 * claimed stay due in the database. So a new consumer group starts at the end of the topic: what was published before is found in
 * the database.
 */
class LoginListener {

    static final String ID = "twitter-logins";

    private static final Logger log = LoggerFactory.getLogger(LoginListener.class);

    private final Claimer claimer;
    private final ClaimLoop loop;
    private final TraceHeaders traces;
    private final JsonMapper mapper;
    private final ConsumerRecordRecoverer deadLetters;
    private final Counter read;
    private final Counter unreadable;

    LoginListener(
            Claimer claimer,
            ClaimLoop loop,
            TraceHeaders traces,
            JsonMapper mapper,
            ConsumerRecordRecoverer deadLetters,
            MeterRegistry meters) {
        this.claimer = claimer;
        this.loop = loop;
        this.traces = traces;
        this.mapper = mapper;
        this.deadLetters = deadLetters;
        this.read = meters.counter("perch.pipeline.records", "result", "read");
        this.unreadable = meters.counter("perch.pipeline.records", "result", "unreadable");
    }

    @KafkaListener(
            id = ID,
            idIsGroup = false,
            topics = "${perch.pipeline.topic}",
            batch = "true",
            concurrency = "${perch.pipeline.listeners:1}",
            properties = {
                "auto.offset.reset=latest",
                "fetch.min.bytes=4096",
                "fetch.max.wait.ms=20",
                "max.poll.records=500"
            })
    void onLoginsRequested(List<ConsumerRecord<String, byte[]>> records) {
        List<DueTask> tasks = new ArrayList<>(records.size());
        Map<String, Span.Builder> spans = new HashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                DueTask task =
                        mapper.readValue(record.value(), LoginRequested.class).task();
                tasks.add(task);
                Span.Builder span = traces.extract(record.headers());
                if (span != null) {
                    spans.put(task.key().taskId(), span);
                }
            } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
                unreadable.increment();
                deadLetters.accept(record, e);
            }
        }
        read.increment(tasks.size());
        try {
            if (claimer.claim(tasks, Set.of(), spans) == Claimed.SOME) {
                loop.requestPoll();
            }
        } catch (DataAccessException e) {
            log.warn("{} tasks are not claimed, the poll finds them later: {}", tasks.size(), e.getMessage());
            loop.requestPoll();
        }
    }
}
