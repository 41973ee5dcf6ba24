package io.perch.resourceserver.user;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.UserState;
import io.perch.resourceserver.events.UserEventType;
import io.perch.resourceserver.events.UserEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Consumes user events. An event may be delivered any number of times. */
@Component
class UserProjection {

    private static final Logger log = LoggerFactory.getLogger(UserProjection.class);

    private final Users users;
    private final Erasure erasure;
    private final MeterRegistry meters;

    UserProjection(Users users, Erasure erasure, MeterRegistry meters) {
        this.users = users;
        this.erasure = erasure;
        this.meters = meters;
    }

    @KafkaListener(
            id = UserEvents.PROJECTION_GROUP,
            topics = UserEvents.TOPIC,
            containerFactory = UserEvents.LISTENERS,
            concurrency = "${perch.user-events.listeners:1}")
    void onEvent(UserEvent event) {
        String result = applied(event);
        meters.counter("perch.users.events", "result", result).increment();
        log.debug("{} {}", event, result);
    }

    private String applied(UserEvent event) {
        String userId = event.userId();
        UserState user = event.user();
        if (userId == null) {
            return "ignored";
        }
        if (event.type() == UserEventType.DELETED) {
            return result(erasure.begin(userId, event.time(), event.sequence()));
        }
        if (event.type() == UserEventType.LOGGED_IN) {
            return result(users.loggedIn(userId, event.time()));
        }
        return user == null
                ? "ignored"
                : result(users.apply(userId, user, event) || erasure.recreate(userId, user, event));
    }

    private static String result(boolean applied) {
        return applied ? "applied" : "outdated";
    }
}
