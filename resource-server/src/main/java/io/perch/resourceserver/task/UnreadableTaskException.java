package io.perch.resourceserver.task;

import org.jspecify.annotations.Nullable;

/** A document in the tasks' collection that this version cannot read. */
class UnreadableTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableTaskException(@Nullable Object id, Throwable cause) {
        super("The document " + id + " is not a task that this version can read: " + cause.getMessage(), cause);
    }
}
