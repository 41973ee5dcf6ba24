package io.perch.resourceserver.crypto;

/** A sealed value did not open: it was changed, moved, or its key is gone. The message has no secret. */
public final class UnsealException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsealException(SealedField field, Exception cause) {
        super("The sealed field '%s' of record %s does not open".formatted(field.name(), field.recordId()), cause);
    }

    private UnsealException(SealedField field) {
        super("The sealed field '%s' of record %s is missing".formatted(field.name(), field.recordId()));
    }

    /**
     * There is nothing to open where something must be.
     *
     * @param field where nothing is stored
     */
    public static UnsealException missing(SealedField field) {
        return new UnsealException(field);
    }
}
