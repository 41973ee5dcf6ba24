package io.perch.resourceserver.audit;

import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.Actor;
import io.perch.resourceserver.events.UserEvent.Change;
import io.perch.resourceserver.events.UserEventType;
import io.perch.resourceserver.events.UserEvents;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/**
 * Records what happened in Keycloak. A line is stored before its record's offset is committed. A duplicate event is the same
 * line.
 */
@Component
class KeycloakActs {

    /** The fields whose values are recorded. For others, which may be personal data, only the names are recorded. */
    private static final Set<String> RECORDED_FIELDS = Set.of("roles", "enabled", "email_verified");

    /** Events whose actor is the user, if the event does not contain an actor. */
    private static final Set<UserEventType> USER_ACTIONS = Set.of(
            UserEventType.REGISTERED,
            UserEventType.UPDATED,
            UserEventType.EMAIL_VERIFIED,
            UserEventType.CREDENTIALS_CHANGED,
            UserEventType.LOGGED_IN,
            UserEventType.LOGGED_OUT,
            UserEventType.DELETED);

    private final AuditStore store;

    KeycloakActs(AuditStore store) {
        this.store = store;
    }

    @KafkaListener(
            topics = UserEvents.TOPIC,
            groupId = "${perch.kafka.group-prefix}-audit",
            containerFactory = UserEvents.LISTENERS,
            concurrency = "2")
    void onEvent(UserEvent event) {
        Optional<AuditAction> action = AuditAction.of(event.type());
        if (action.isEmpty()) {
            return;
        }
        store.write(List.of(line(action.get(), event)));
        String userId = event.userId();
        if (event.type() == UserEventType.DELETED && userId != null) {
            // The user's last event: the lines of all earlier events are stored
            store.erasePerson(userId);
        }
    }

    private static AuditLine line(AuditAction action, UserEvent event) {
        Actor actor = event.actor();
        AuditLine.Builder line = AuditLine.of(action)
                .id(event.id())
                .at(event.time())
                .user(event.userId())
                .session(event.sessionId())
                .detail("keycloak_type", event.keycloakType())
                .detail("error", event.error());
        if (actor == null) {
            line.actor(USER_ACTIONS.contains(event.type()) ? event.userId() : null)
                    .client(event.clientId())
                    .ipAddress(event.ipAddress());
        } else {
            line.actor(actor.userId())
                    .client(actor.clientId())
                    .ipAddress(actor.ipAddress())
                    .detail("actor_realm", actor.realm());
        }
        if (event.type() == UserEventType.OTHER) {
            line.detail("type", event.typeName());
        }
        if (event.notBefore() != null) {
            line.detail("not_before", event.notBefore().toString());
        }
        addChanges(line, event.changed());
        return line.build();
    }

    private static void addChanges(AuditLine.Builder line, Map<String, Change> changed) {
        line.detail("changed", String.join(", ", new TreeSet<>(changed.keySet())));
        changed.forEach((name, change) -> {
            if (RECORDED_FIELDS.contains(name)) {
                line.detail(name + "_from", text(change.from())).detail(name + "_to", text(change.to()));
            }
        });
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof List<?> values) {
            return String.join(
                    ", ", values.stream().map(String::valueOf).sorted().toList());
        }
        return value == null ? null : value.toString();
    }
}
