package io.perch.resourceserver.crypto;

/** A sealed value did not open: it was changed, moved, or its key is gone. */
public final class UnsealException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsealException(SealedField field, Exception cause) {
        super("The sealed field '%s' of record %s does not open".formatted(field.name(), field.recordId()), cause);
    }
}
