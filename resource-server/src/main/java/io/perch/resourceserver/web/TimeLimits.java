package io.perch.resourceserver.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Validates the times in a client's filter. */
public final class TimeLimits {

    /** RFC 3339 has four-digit years. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private TimeLimits() {}

    /**
     * Validates the start and the end of a period.
     *
     * @param from null for no limit
     * @param to null for no limit
     * @throws ProblemException 400 if {@code from} is later than {@code to}, or one of them is not a time of RFC 3339
     */
    public static void check(@Nullable Instant from, @Nullable Instant to) {
        check("from", from);
        check("to", to);
        if (from != null && to != null && from.isAfter(to)) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "'from' must not be later than 'to'");
        }
    }

    /**
     * Validates one time.
     *
     * @param name the parameter's name
     * @param time null if absent
     * @throws ProblemException 400 if its year is not from 0 to 9999 (RFC 3339, section 5.6)
     */
    public static void check(String name, @Nullable Instant time) {
        if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "The year of '" + name + "' must be one from 0000 to 9999");
        }
    }
}
