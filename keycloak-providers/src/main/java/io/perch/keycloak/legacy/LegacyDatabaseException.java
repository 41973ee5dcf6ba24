package io.perch.keycloak.legacy;

/** The old database did not answer in time, or its answer was an error or not usable. The message contains no data of a user. */
final class LegacyDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LegacyDatabaseException(String message) {
        super(message);
    }

    LegacyDatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
