package io.perch.resourceserver.crypto;

/** A value cannot be unsealed: it was changed or copied, or its key was removed. The message contains no secret. */
public final class UnsealException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsealException(SealedField field, Exception cause) {
        super("The sealed field '%s' of record %s does not open".formatted(field.name(), field.recordId()), cause);
    }

    private UnsealException(SealedField field) {
        super("The sealed field '%s' of record %s is missing".formatted(field.name(), field.recordId()));
    }

    /**
     * Creates an exception for a missing value.
     *
     * @param field the field without a value
     */
    public static UnsealException missing(SealedField field) {
        return new UnsealException(field);
    }
}
