package io.perch.keycloak.outbox;

/** The format of a row's event. Rows stay in the table during an upgrade, so every earlier format must stay readable. */
final class RowFormat {

    /** The event as a JSON object without {@code sequence}. */
    private static final int EVENT = 1;

    /** As {@link #EVENT}, with the request's trace in a column of its own. */
    private static final int EVENT_AND_TRACE = 2;

    /** The format of new rows. */
    static final int CURRENT = EVENT_AND_TRACE;

    /** A sequence is the era times this number, plus the row's number. */
    private static final long NUMBERS = 100_000_000_000L;

    private RowFormat() {}

    /**
     * The event as it is sent to Kafka.
     *
     * @param era see {@link LeaseRow}
     * @throws IllegalArgumentException if this version does not know the format
     */
    static String event(OutboxRow row, long era) {
        if (row.format() != EVENT && row.format() != EVENT_AND_TRACE) {
            throw new IllegalArgumentException("Row format " + row.format() + " is not known to this version");
        }
        return "{\"sequence\":\"" + sequence(row.id(), era) + "\","
                + row.event().substring(1);
    }

    /** Nineteen digits that grow with the row numbers. If these start again, the era is greater. */
    static String sequence(long id, long era) {
        return "%019d".formatted(era * NUMBERS + id);
    }
}
