package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskNews;
import io.perch.resourceserver.task.TaskRepresentation;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * News of a task on their way to clients.
 *
 * @param news the news
 * @param json the task as JSON, which is made at the first client that needs it, and once for all
 */
record TaskUpdate(TaskNews news, Supplier<byte[]> json) {

    static TaskUpdate of(TaskNews news, Function<TaskRepresentation, byte[]> toJson) {
        return new TaskUpdate(news, SingletonSupplier.of(() -> toJson.apply(news.task())));
    }

    boolean isFinal() {
        return news.task().status().isFinal();
    }
}
