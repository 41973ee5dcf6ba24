package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskRepresentation;
import io.perch.resourceserver.task.TaskSnapshot;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * A changed task that is sent to clients.
 *
 * @param snapshot the task at this version
 * @param json the task as JSON; created once, when the first client needs it
 */
record TaskUpdate(TaskSnapshot snapshot, Supplier<byte[]> json) {

    static TaskUpdate of(TaskSnapshot snapshot, Function<TaskRepresentation, byte[]> toJson) {
        return new TaskUpdate(snapshot, SingletonSupplier.of(() -> toJson.apply(snapshot.task())));
    }

    boolean isFinal() {
        return snapshot.task().status().isFinal();
    }
}
