package io.perch.keycloak.outbox;

/** The format of a row's event. Rows stay in the table during an upgrade, so every earlier format must stay readable. */
final class RowFormat {

    /** The event as a JSON object without {@code sequence}. */
    private static final int FIRST = 1;

    /**
     * The format of new rows. Since 2 the request's trace has a column of its own. Since 3 the realm's id and the number of a
     * replayed event have columns of their own.
     */
    static final int CURRENT = 3;

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
        if (!isKnown(row.format())) {
            throw new IllegalArgumentException("Row format " + row.format() + " is not known to this version");
        }
        return "{\"sequence\":\"" + sequence(row.number(), era) + "\","
                + row.event().substring(1);
    }

    /**
     * The format of a row that replays an event. An unknown format stays, so that only a version that knows it sends the event.
     */
    static int forReplay(int format) {
        return isKnown(format) ? CURRENT : format;
    }

    private static boolean isKnown(int format) {
        return format >= FIRST && format <= CURRENT;
    }

    /** Nineteen digits that grow with the row numbers. If these start again, the era is greater. */
    static String sequence(long id, long era) {
        return "%019d".formatted(era * NUMBERS + id);
    }
}
