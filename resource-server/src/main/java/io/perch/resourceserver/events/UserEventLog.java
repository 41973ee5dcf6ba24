package io.perch.resourceserver.events;

import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * Reads the topic on every instance from a start time, to keep a state in memory. It commits no offsets: a new start reads from a
 * time again. Without a consumer group there is no wait for rebalancing, no dependency on the group coordinator, and nothing is
 * stored at the broker.
 */
public class UserEventLog {

    private final ConsumerFactory<String, byte[]> consumers;
    private final UserEventReader reader;
    private final UserEventsProperties properties;

    UserEventLog(ConsumerFactory<String, byte[]> consumers, UserEventReader reader, UserEventsProperties properties) {
        this.consumers = consumers;
        this.reader = reader;
        this.properties = properties;
    }

    /**
     * Starts to read on a separate thread, and continues until it is closed, also after failures of Kafka.
     *
     * @param name name of the thread and of the Kafka client
     * @param since events that were written to the topic earlier are skipped; evaluated when Kafka is reached
     * @param listener receives every event of the configured realm from then on, including duplicates; a user's events are in
     *     order. It must return quickly. Its exceptions are logged, and the event is not repeated
     * @return the reader and its progress
     */
    public FollowedUserEvents follow(String name, Supplier<Instant> since, Consumer<UserEvent> listener) {
        FollowedUserEvents followed = new FollowedUserEvents(
                () -> consumers.createConsumer(null, name, null),
                properties.topic(),
                since,
                value -> consume(value, listener));
        followed.start(name);
        return followed;
    }

    /** Unreadable records are skipped; the projection's consumer group publishes them to the dead-letter topic. */
    private void consume(byte[] value, Consumer<UserEvent> listener) {
        UserEvent event;
        try {
            event = reader.read(value);
        } catch (UnreadableUserEventException e) {
            return;
        }
        if (event.realm().equals(properties.realm())) {
            listener.accept(event);
        }
    }

    /** Settings of a consumer without a group. It starts at the beginning if its offset was deleted from the topic. */
    static void ungrouped(Map<String, Object> settings) {
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }
}
