package io.perch.keycloak.legacy;

/**
 * An index that the old database lacks. Without it, every lookup by the column reads all users.
 *
 * @param column the column's or field's name
 * @param remedy the statement that creates the index, or what else helps
 */
record MissingIndex(String column, String remedy) {

    /** The timeout of each query of the check. An administrator who saves a federation waits for it. */
    static final int TIMEOUT_MILLIS = 1_000;
}
