package io.perch.resourceserver.mongo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The database's time. All instances share it: the end of a lease means the same to all of them, even if their own clocks are
 * wrong. The database's time is queried every ten seconds. In between, this machine's monotonic clock is used, so a change of the
 * machine's date does not affect leases.
 */
@Component
public class DatabaseTime implements InstantSource {

    private static final Logger log = LoggerFactory.getLogger(DatabaseTime.class);

    /** Needs no login and no privilege on any MongoDB, including the embedded default. */
    private static final Document TIME_COMMAND = new Document("isMaster", 1);

    /** How many queries are sent at first. The fastest reply is used. */
    private static final int INITIAL_QUERIES = 3;

    private final MongoOperations mongo;
    private volatile @Nullable Reading last;

    /** Creates a clock. The database is queried when the time is first needed. */
    public DatabaseTime(MongoOperations mongo) {
        this.mongo = mongo;
    }

    /**
     * Returns the database's time, with a precision of milliseconds.
     *
     * @throws DataAccessException if there was no reply before and the database does not reply now
     */
    @Override
    public Instant instant() {
        Reading reading = last;
        return (reading == null ? queryFirst() : reading).now();
    }

    /** After a failover, the new primary may have a different clock. */
    @Scheduled(fixedDelayString = "10s", initialDelayString = "10s")
    public void refresh() {
        try {
            query();
        } catch (DataAccessException e) {
            log.debug(
                    "The database's time is not refreshed; this machine's monotonic clock is used: {}", e.getMessage());
        }
    }

    private Reading queryFirst() {
        Reading reading = query();
        for (int i = 1; i < INITIAL_QUERIES; i++) {
            reading = query();
        }
        return reading;
    }

    private Reading query() {
        long sentAt = System.nanoTime();
        Date reply = mongo.executeCommand(TIME_COMMAND).getDate("localTime");
        long receivedAt = System.nanoTime();
        Reading reading = new Reading(reply.toInstant(), sentAt + (receivedAt - sentAt) / 2, (receivedAt - sentAt) / 2);
        Reading before = last;
        if (before != null && !reading.replaces(before)) {
            return before;
        }
        last = reading;
        return reading;
    }

    /**
     * The database's time at a moment of this machine's monotonic clock.
     *
     * @param time the database's time
     * @param nanos the moment, by {@link System#nanoTime}
     * @param error the largest difference between that moment and the database's reading of its clock, in nanoseconds
     */
    record Reading(Instant time, long nanos, long error) {

        /** The largest drift between two clocks, as a fraction. */
        private static final double DRIFT = 200e-6;

        private static final long PRECISION = Duration.ofMillis(1).toNanos();

        /**
         * Returns whether to use this reading from now on. It must be as exact as the earlier one is by now, or contradict it, as
         * after a failover. A late reply, for example on a busy machine, may be correct but less exact.
         */
        boolean replaces(Reading earlier) {
            long age = nanos - earlier.nanos();
            long errorByNow = earlier.error() + (long) (age * DRIFT);
            long difference = Math.abs(
                    Duration.between(earlier.time().plusNanos(age), time).toNanos());
            return error <= errorByNow || difference > error + errorByNow + PRECISION;
        }

        Instant now() {
            return time.plus(Duration.ofNanos(System.nanoTime() - nanos)).truncatedTo(ChronoUnit.MILLIS);
        }
    }
}
