package io.perch.resourceserver.events;

import io.perch.resourceserver.kafka.DeadLetters;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerExecutionFailedException;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Handles records that a listener could not process. An unreadable record is published to the dead-letter topic at once. A record
 * that fails for another reason is published there after some attempts, so that it does not block others. While the database is
 * unavailable, a record is retried without a limit.
 */
final class UserEventFailures {

    private static final long FIRST_DELAY_MILLIS = 200;
    private static final long MAX_DELAY_MILLIS = 5_000;
    private static final int MAX_RETRIES = 5;

    private UserEventFailures() {}

    static DefaultErrorHandler handler(
            KafkaOperations<String, byte[]> kafka, String deadLetterTopic, String projectionGroup) {
        DeadLetters deadLetters = new DeadLetters(
                kafka,
                (failed, reason) -> isPublishedByProjection(reason, projectionGroup)
                        ? null
                        : new TopicPartition(deadLetterTopic, -1));
        DefaultErrorHandler handler = new DefaultErrorHandler(deadLetters);
        handler.setBackOffFunction(UserEventFailures::backOff);
        return handler;
    }

    static BackOff backOff(ConsumerRecord<?, ?> failed, Exception reason) {
        ExponentialBackOff backOff = new ExponentialBackOff(FIRST_DELAY_MILLIS, 2);
        backOff.setMaxInterval(MAX_DELAY_MILLIS);
        boolean outage = has(reason, DataAccessResourceFailureException.class)
                || has(reason, TransientDataAccessException.class);
        if (!outage) {
            backOff.setMaxAttempts(MAX_RETRIES);
        }
        return backOff;
    }

    /** Only one consumer group publishes an unreadable record to the dead-letter topic. */
    private static boolean isPublishedByProjection(Exception failure, String projectionGroup) {
        return failure instanceof ListenerExecutionFailedException failed
                && has(failed, ConversionException.class)
                && !projectionGroup.equals(failed.getGroupId());
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
