package io.perch.resourceserver.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks the times by which a client limits a list. */
public final class TimeLimits {

    /** RFC 3339 writes years with four digits. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private TimeLimits() {}

    /**
     * Checks a beginning and an end.
     *
     * @param from null for no limit
     * @param to null for no limit
     * @throws ProblemException 400 if {@code from} is later than {@code to}, or one of them is no time of RFC 3339
     */
    public static void check(@Nullable Instant from, @Nullable Instant to) {
        check("from", from);
        check("to", to);
        if (from != null && to != null && from.isAfter(to)) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "'from' must not be later than 'to'");
        }
    }

    /**
     * Checks one time.
     *
     * @param name what the client calls it
     * @param time null if it was left out
     * @throws ProblemException 400 if its year is not one from 0 to 9999 (RFC 3339, section 5.6)
     */
    public static void check(String name, @Nullable Instant time) {
        if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "The year of '" + name + "' must be one from 0000 to 9999");
        }
    }
}
