package io.perch.resourceserver.events;

/** A record is not a valid event. The message contains no value of the record, because values may be personal data. */
final class UnreadableUserEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableUserEventException(String message) {
        super(message);
    }

    static UnreadableUserEventException missing(String name) {
        return new UnreadableUserEventException("'%s' is missing".formatted(name));
    }
}
