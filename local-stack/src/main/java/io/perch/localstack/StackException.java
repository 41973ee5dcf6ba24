package io.perch.localstack;

import java.nio.file.Path;

/** The stack cannot start or cannot continue. The message is the one line that the user sees. */
final class StackException extends Exception {

    private static final long serialVersionUID = 1L;

    StackException(String message) {
        super(message);
    }

    /** A component's failure, with its log file. */
    static StackException of(String component, String what, Path log) {
        return new StackException("%s %s; its log is %s".formatted(component, what, log));
    }
}
