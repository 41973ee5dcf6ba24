package io.perch.localstack;

/** A wrong command line or environment variable. The message says in one line what is wrong. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
