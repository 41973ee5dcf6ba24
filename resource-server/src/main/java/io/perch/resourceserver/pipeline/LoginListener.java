package io.perch.resourceserver.pipeline;

import io.perch.resourceserver.task.Tasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.TaskExecutor;
import org.springframework.kafka.annotation.KafkaListener;

/** Claims the tasks that Kafka tells of, and hands them on. The executor makes it wait when enough logins run. */
class LoginListener {

    private static final Logger log = LoggerFactory.getLogger(LoginListener.class);

    private final Tasks tasks;
    private final LoginRunner runner;
    private final TaskExecutor executor;
    private final String instance;

    LoginListener(Tasks tasks, LoginRunner runner, TaskExecutor executor, String instance) {
        this.tasks = tasks;
        this.runner = runner;
        this.executor = executor;
        this.instance = instance;
    }

    @KafkaListener(topics = "${perch.pipeline.topic}", concurrency = "${perch.pipeline.listeners:2}")
    void onLoginRequested(LoginRequested request) {
        tasks.claim(request.taskId(), instance)
                .ifPresentOrElse(
                        task -> executor.execute(() -> runner.run(task)),
                        () -> log.info("task_id={} record dropped: nothing to claim", request.taskId()));
    }
}
