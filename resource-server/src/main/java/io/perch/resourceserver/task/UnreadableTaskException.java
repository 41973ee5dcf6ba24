package io.perch.resourceserver.task;

import org.jspecify.annotations.Nullable;

/** A document of the tasks' collection is none that this version can read. */
class UnreadableTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableTaskException(@Nullable Object id, Throwable cause) {
        super("The document " + id + " is no task that this version can read: " + cause.getMessage(), cause);
    }
}
