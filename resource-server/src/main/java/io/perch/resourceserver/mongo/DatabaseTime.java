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
 * The database's time, which all instances share: what one instance writes as the end of a lease means the same to every
 * other, however wrong their own clocks are. The database is asked now and then, and the time in between is measured by
 * this machine's monotonic clock, so that nobody who changes the date can move a lease.
 */
@Component
public class DatabaseTime implements InstantSource {

    private static final Logger log = LoggerFactory.getLogger(DatabaseTime.class);

    /** Answers without a login or a privilege on every MongoDB, the embedded default among them. */
    private static final Document ASK = new Document("isMaster", 1);

    /** How many questions the first answer takes, of which the one counts that was answered soonest. */
    private static final int FIRST_QUESTIONS = 3;

    private final MongoOperations mongo;
    private volatile @Nullable Reading last;

    /** Makes a clock of a database, which is asked when the time is first needed. */
    public DatabaseTime(MongoOperations mongo) {
        this.mongo = mongo;
    }

    /**
     * Returns the database's time, in milliseconds' precision.
     *
     * @throws DataAccessException if the database was never asked and does not answer now
     */
    @Override
    public Instant instant() {
        Reading reading = last;
        return (reading == null ? first() : reading).now();
    }

    /** A database that fails over may have another clock. */
    @Scheduled(fixedDelayString = "10s", initialDelayString = "10s")
    public void refresh() {
        try {
            ask();
        } catch (DataAccessException e) {
            log.debug("The database's time is carried on by this machine's clock: {}", e.getMessage());
        }
    }

    private Reading first() {
        Reading reading = ask();
        for (int i = 1; i < FIRST_QUESTIONS; i++) {
            reading = ask();
        }
        return reading;
    }

    private Reading ask() {
        long asked = System.nanoTime();
        Date answer = mongo.executeCommand(ASK).getDate("localTime");
        long answered = System.nanoTime();
        Reading reading = new Reading(answer.toInstant(), asked + (answered - asked) / 2, (answered - asked) / 2);
        Reading before = last;
        if (before != null && !reading.replaces(before)) {
            return before;
        }
        last = reading;
        return reading;
    }

    /**
     * What the database said at a moment of this machine's monotonic clock.
     *
     * @param error how far from that moment, at most, it looked at its clock
     */
    record Reading(Instant time, long nanos, long error) {

        /** How far two clocks may drift apart. */
        private static final double DRIFT = 200e-6;

        private static final long PRECISION = Duration.ofMillis(1).toNanos();

        /**
         * Whether to go by this from now on: it is as exact as the earlier one is by now, or contradicts it, as the clock of
         * another database does. An answer that came late, on a busy machine for one, may be true and yet less exact.
         */
        boolean replaces(Reading earlier) {
            long age = nanos - earlier.nanos();
            long errorByNow = earlier.error() + (long) (age * DRIFT);
            long apart = Math.abs(
                    Duration.between(earlier.time().plusNanos(age), time).toNanos());
            return error <= errorByNow || apart > error + errorByNow + PRECISION;
        }

        Instant now() {
            return time.plus(Duration.ofNanos(System.nanoTime() - nanos)).truncatedTo(ChronoUnit.MILLIS);
        }
    }
}
