package io.perch.resourceserver.crypto;

import org.jspecify.annotations.Nullable;

/** The server has no usable encryption keys and cannot start. The message describes the problem, the action a solution. */
final class KeysetUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String GENERATE_KEYSET =
            "Run 'java -jar resource-server.jar generate-keyset' and pass its output as ENCRYPTION_KEYSET.";
    private static final String FIX_FERNET_KEYS =
            "Set ENCRYPTION_KEY to the old service's key, or to its keys with commas between them, as they were there;"
                    + " leave it empty if nothing of the old service is left.";

    private final String action;

    private KeysetUnavailableException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    static KeysetUnavailableException missing() {
        return new KeysetUnavailableException(
                "No encryption keyset: set ENCRYPTION_KEYSET or ENCRYPTION_KEYSET_FILE", GENERATE_KEYSET, null);
    }

    static KeysetUnavailableException unreadable(String source, Exception cause) {
        return new KeysetUnavailableException(
                "The encryption keyset in %s cannot be used".formatted(source), GENERATE_KEYSET, cause);
    }

    /** Without the cause, which may contain a part of the key. */
    static KeysetUnavailableException malformedFernetKey(int position, int count) {
        return new KeysetUnavailableException(
                "ENCRYPTION_KEY is malformed: key %d of %d is not a Fernet key (32 bytes in URL-safe Base64)"
                        .formatted(position, count),
                FIX_FERNET_KEYS,
                null);
    }

    /** Returns what the operator can do. */
    String action() {
        return action;
    }
}
