package io.perch.resourceserver.crypto;

import org.jspecify.annotations.Nullable;

/** The server has no usable encryption keyset and cannot start. The message tells the operator what to do. */
final class KeysetUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private KeysetUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static KeysetUnavailableException missing() {
        return new KeysetUnavailableException(
                "No encryption keyset: set ENCRYPTION_KEYSET or ENCRYPTION_KEYSET_FILE", null);
    }

    static KeysetUnavailableException unreadable(String source, Exception cause) {
        return new KeysetUnavailableException("The encryption keyset in %s cannot be used".formatted(source), cause);
    }
}
