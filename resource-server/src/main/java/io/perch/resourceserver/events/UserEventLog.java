package io.perch.resourceserver.events;

import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.kafka.core.ConsumerFactory;

/**
 * The topic as a log that every instance reads for itself, from a time on, to keep something in memory. Nothing is
 * committed: a new start reads from a time again. This needs no consumer group, and so waits for no rebalancing, is
 * not cut off by a coordinator that is unavailable, and leaves nothing at the broker.
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
     * Begins to read, on a thread of its own, and goes on until it is closed, whatever Kafka does meanwhile.
     *
     * @param name the thread's name, and the Kafka client's
     * @param since events that were written to the topic earlier are passed over; asked when Kafka is reached
     * @param listener gets every event of our realm from then on, of a user in their order, duplicates among them; it must
     *     return quickly, and what it throws is logged and lost
     * @return how far the reading is
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

    /** What cannot be read is set aside by another reader, and is passed over here. */
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

    /** Settings of a consumer that belongs to no group, and that begins anew where the topic lost what it was to read. */
    static void ungrouped(Map<String, Object> settings) {
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }
}
