package io.perch.resourceserver.events;

/** A record is not the event that it should be. Its message has no value out of the record, which may be personal. */
final class UnreadableUserEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableUserEventException(String message) {
        super(message);
    }

    static UnreadableUserEventException missing(String name) {
        return new UnreadableUserEventException("'%s' is missing".formatted(name));
    }
}
