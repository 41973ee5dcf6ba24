package io.perch.keycloak.legacy;

/** The old database did not answer, not in time, or not what was asked. The message names no user. */
final class LegacyDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LegacyDatabaseException(String message) {
        super(message);
    }

    LegacyDatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
