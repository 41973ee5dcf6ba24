package io.perch.keycloak.outbox;

/** How a row's event is written, and so read. Rows outlive an upgrade: every format that was ever written stays readable. */
final class RowFormat {

    /** The event as a JSON object without {@code sequence}. */
    private static final int EVENT = 1;

    /** The same, and the request's trace beside it. */
    private static final int EVENT_AND_TRACE = 2;

    /** What is written now. */
    static final int CURRENT = EVENT_AND_TRACE;

    /** Digits of a row's number in a sequence; the era stands before them. */
    private static final long NUMBERS = 100_000_000_000L;

    private RowFormat() {}

    /**
     * The event as it goes to Kafka.
     *
     * @param era see {@link LeaseRow}
     * @throws IllegalArgumentException where the format is none that this version knows
     */
    static String event(OutboxRow row, long era) {
        if (row.format() != EVENT && row.format() != EVENT_AND_TRACE) {
            throw new IllegalArgumentException("Row format " + row.format() + " is not known to this version");
        }
        return "{\"sequence\":\"" + sequence(row.id(), era) + "\","
                + row.event().substring(1);
    }

    /** Nineteen digits that grow with the rows' numbers, and with the era where these begin anew. */
    static String sequence(long id, long era) {
        return "%019d".formatted(era * NUMBERS + id);
    }
}
