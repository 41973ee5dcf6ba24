package io.perch.resourceserver.events;

/** Constants for listeners to user events. */
public final class UserEvents {

    /** The topic, for {@code @KafkaListener(topics)}. */
    public static final String TOPIC = "${perch.user-events.topic}";

    /** The container factory, for {@code @KafkaListener(containerFactory)}. */
    public static final String LISTENERS = "userEventListeners";

    /**
     * The consumer group of the user projection, for {@code @KafkaListener(id)}. Every deployment has this group. It publishes
     * unreadable records to the dead-letter topic; all other groups skip them.
     */
    public static final String PROJECTION_GROUP = "${perch.kafka.group-prefix}-users";

    private UserEvents() {}
}
