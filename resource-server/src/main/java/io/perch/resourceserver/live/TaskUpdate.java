package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskRepresentation;
import io.perch.resourceserver.task.TaskSnapshot;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * A changed task on its way to clients.
 *
 * @param snapshot the task at this version
 * @param json the task as JSON, which is made at the first client that needs it, and once for all
 */
record TaskUpdate(TaskSnapshot snapshot, Supplier<byte[]> json) {

    static TaskUpdate of(TaskSnapshot snapshot, Function<TaskRepresentation, byte[]> toJson) {
        return new TaskUpdate(snapshot, SingletonSupplier.of(() -> toJson.apply(snapshot.task())));
    }

    boolean isFinal() {
        return snapshot.task().status().isFinal();
    }
}
