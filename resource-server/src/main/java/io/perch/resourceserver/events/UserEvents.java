package io.perch.resourceserver.events;

/** How to listen to what happens to users. */
public final class UserEvents {

    /** The topic, for {@code @KafkaListener(topics)}. */
    public static final String TOPIC = "${perch.user-events.topic}";

    /** What makes the listeners, for {@code @KafkaListener(containerFactory)}. */
    public static final String LISTENERS = "userEventListeners";

    /**
     * The consumer group of the projection of users, which every deployment has. What cannot be read is set aside by this
     * group; every other one passes over it.
     */
    public static final String PROJECTION_GROUP = "perch-users";

    private UserEvents() {}
}
