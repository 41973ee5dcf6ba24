package io.perch.resourceserver.kafka;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;

/**
 * Publishes unreadable records to a dead-letter topic, with the reason in their headers. The headers make a record larger. A
 * record that the broker refuses for its size would be refused every time, and its consumer would repeat it for ever. So it is
 * dropped with an error in the log; it stays in its own topic as long as the topic keeps it.
 */
public final class DeadLetters extends DeadLetterPublishingRecoverer {

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    private static final String EXCEPTION_HEADERS = "kafka_dlt-exception-";

    /** The longest header about the reason. A stack trace can have many kilobytes. */
    private static final int MAX_HEADER_BYTES = 1_000;

    /**
     * Creates a publisher.
     *
     * @param kafka publishes the records
     * @param destination the topic; null for a record that is dropped
     */
    public DeadLetters(
            KafkaOperations<String, byte[]> kafka,
            BiFunction<ConsumerRecord<?, ?>, Exception, @Nullable TopicPartition> destination) {
        super(kafka, destination);
    }

    @Override
    protected ProducerRecord<Object, Object> createProducerRecord(
            ConsumerRecord<?, ?> failed,
            TopicPartition destination,
            Headers headers,
            byte @Nullable [] key,
            byte @Nullable [] value) {
        for (Header header : headers.toArray()) {
            if (header.key().startsWith(EXCEPTION_HEADERS) && header.value().length > MAX_HEADER_BYTES) {
                headers.remove(header.key());
                headers.add(header.key(), Arrays.copyOf(header.value(), MAX_HEADER_BYTES));
            }
        }
        return super.createProducerRecord(failed, destination, headers, key, value);
    }

    @Override
    protected void publish(
            ProducerRecord<Object, Object> record, KafkaOperations<Object, Object> kafka, ConsumerRecord<?, ?> failed) {
        try {
            verifySendResult(kafka, record, kafka.send(record), failed);
        } catch (KafkaException e) {
            if (!e.contains(RecordTooLargeException.class)) {
                throw e;
            }
            log.error(
                    "An unreadable record is too large for {} and is dropped: topic={} partition={} offset={}",
                    record.topic(),
                    failed.topic(),
                    failed.partition(),
                    failed.offset());
        }
    }
}
