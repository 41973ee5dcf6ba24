package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;

/**
 * What is going to be a row.
 *
 * @param id Keycloak's own id of the event, or a new one where it has none
 * @param time milliseconds since 1970
 * @param userId null for what concerns the whole realm, and for a failed login of nobody
 * @param data members of the CloudEvent's data, in their order; without the user's state, which is read last
 */
record NotedEvent(
        EventKind kind,
        String id,
        long time,
        String realmId,
        String realmName,
        @Nullable String userId,
        Map<String, Object> data) {

    private static final String REMOVAL = "USER_REMOVED";

    /** A user is gone, whoever has asked for it. */
    static NotedEvent removal(RealmModel realm, String userId, long time) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", REMOVAL)
                .toMap();
        return new NotedEvent(
                EventKind.DELETED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    /** A user has come from an old service's database. */
    static NotedEvent arrival(RealmModel realm, String userId, long time) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", "USER_IMPORTED")
                .toMap();
        return new NotedEvent(
                EventKind.REGISTERED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    /** A user's state, told again. */
    static NotedEvent snapshot(RealmModel realm, String userId, long time, String resync) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", "RESYNC")
                .with("resync_id", resync)
                .toMap();
        return new NotedEvent(
                EventKind.SNAPSHOT, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    boolean isRemoval() {
        return REMOVAL.equals(data.get("keycloak_type"));
    }

    /** Another one that follows from this one, of the same user at the same time by the same actor. */
    NotedEvent consequence(EventKind other, Map<String, Object> more) {
        Map<String, Object> its = new LinkedHashMap<>(data);
        its.putAll(more);
        return new NotedEvent(other, UUID.randomUUID().toString(), time, realmId, realmName, userId, its);
    }

    /** What the order is kept for, and what Kafka chooses the partition by. */
    String key() {
        return userId == null ? realmId : userId;
    }
}
