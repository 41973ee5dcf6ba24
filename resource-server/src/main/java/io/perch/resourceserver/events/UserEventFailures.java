package io.perch.resourceserver.events;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerExecutionFailedException;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What becomes of a record that a listener did not take. What cannot be read is set aside at once, and what fails for a reason
 * of its own after some tries, so that it holds nobody up. While the database is unavailable everything waits, as long as it takes.
 */
final class UserEventFailures {

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final int TRIES = 5;

    private UserEventFailures() {}

    static DefaultErrorHandler handler(KafkaOperations<String, byte[]> kafka, String deadLetterTopic) {
        DeadLetterPublishingRecoverer setAside = new DeadLetterPublishingRecoverer(
                kafka,
                (failed, reason) -> isAnothersToSetAside(reason) ? null : new TopicPartition(deadLetterTopic, -1));
        DefaultErrorHandler handler = new DefaultErrorHandler(setAside);
        handler.setBackOffFunction(UserEventFailures::pauses);
        return handler;
    }

    static BackOff pauses(ConsumerRecord<?, ?> failed, Exception reason) {
        ExponentialBackOff pauses = new ExponentialBackOff(FIRST_PAUSE_MILLIS, 2);
        pauses.setMaxInterval(LONGEST_PAUSE_MILLIS);
        boolean outage = has(reason, DataAccessResourceFailureException.class)
                || has(reason, TransientDataAccessException.class);
        if (!outage) {
            pauses.setMaxAttempts(TRIES);
        }
        return pauses;
    }

    /** Of all groups that cannot read a record, one sets it aside. */
    private static boolean isAnothersToSetAside(Exception failure) {
        return failure instanceof ListenerExecutionFailedException failed
                && has(failed, ConversionException.class)
                && !UserEvents.PROJECTION_GROUP.equals(failed.getGroupId());
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
