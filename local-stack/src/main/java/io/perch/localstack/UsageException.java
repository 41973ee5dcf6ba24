package io.perch.localstack;

/** The command line or the environment asks for something that cannot be; the message says what, in one line. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
