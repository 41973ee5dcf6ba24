package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.Tasks;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;

/** Claims the tasks that Kafka tells of, and hands them on. It runs no login itself. */
class LoginListener {

    static final String ID = "twitter-logins";

    private static final Logger log = LoggerFactory.getLogger(LoginListener.class);

    private final Tasks tasks;
    private final RunningLogins logins;
    private final String instance;
    private final Counter claimed;
    private final Counter dropped;

    LoginListener(Tasks tasks, RunningLogins logins, String instance, MeterRegistry meters) {
        this.tasks = tasks;
        this.logins = logins;
        this.instance = instance;
        this.claimed = meters.counter("perch.pipeline.records", "result", "claimed");
        this.dropped = meters.counter("perch.pipeline.records", "result", "dropped");
    }

    @KafkaListener(
            id = ID,
            idIsGroup = false,
            topics = "${perch.pipeline.topic}",
            concurrency = "${perch.pipeline.listeners:3}")
    void onLoginRequested(LoginRequested request) {
        Optional<Task> task = tasks.claim(request.taskId(), instance);
        if (task.isPresent()) {
            claimed.increment();
            logins.run(task.get());
        } else {
            dropped.increment();
            log.debug("task_id={} record dropped: nothing to claim", request.taskId());
        }
    }
}
