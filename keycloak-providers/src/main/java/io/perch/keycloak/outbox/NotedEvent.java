package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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
    private static final String REALM_REMOVAL = "REALM_REMOVED";

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

    /** What a client has of any user is void, if it was issued before a time, in seconds since 1970. */
    static NotedEvent clientEnd(
            RealmModel realm,
            String clientId,
            String keycloakType,
            long time,
            long notBefore,
            @Nullable Map<String, Object> actor) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("keycloak_type", keycloakType)
                .with("client_id", clientId)
                .with("not_before", notBefore)
                .with("actor", actor)
                .toMap();
        return new NotedEvent(
                EventKind.CLIENT_ENDED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), null, data);
    }

    /** A realm is gone, and with it whatever was issued there. */
    static NotedEvent realmRemoval(String realmId, String name, long time, @Nullable Map<String, Object> actor) {
        Map<String, Object> data = new EventData()
                .with("realm", name)
                .with("keycloak_type", REALM_REMOVAL)
                .with("not_before", nextSecond(time))
                .with("actor", actor)
                .toMap();
        return new NotedEvent(
                EventKind.REALM_SESSIONS_ENDED, UUID.randomUUID().toString(), time, realmId, name, null, data);
    }

    /** The first second whose tokens were certainly issued after a time; tokens know theirs to the second. */
    static long nextSecond(long time) {
        return time / 1000 + 1;
    }

    boolean isRemoval() {
        return REMOVAL.equals(data.get("keycloak_type"));
    }

    boolean isRealmRemoval() {
        return REALM_REMOVAL.equals(data.get("keycloak_type"));
    }

    /** Another one that follows from this one, of the same user at the same time by the same actor. */
    NotedEvent consequence(EventKind other, Map<String, Object> more) {
        Map<String, Object> its = new LinkedHashMap<>(data);
        its.putAll(more);
        return new NotedEvent(other, UUID.randomUUID().toString(), time, realmId, realmName, userId, its);
    }

    /** Another one that follows from this one, of any user. */
    NotedEvent consequence(EventKind other, String otherUser, Map<String, Object> more) {
        Map<String, Object> its = new LinkedHashMap<>(data);
        // They say what was refused, and where somebody did it, which need not be what ends
        its.keySet().removeAll(Set.of("error", "session_id", "client_id", "credential_type", "identity_provider"));
        its.put("user_id", otherUser);
        its.putAll(more);
        return new NotedEvent(other, UUID.randomUUID().toString(), time, realmId, realmName, otherUser, its);
    }

    /** Whatever a client has of a user until now is void. */
    NotedEvent clientSessions(String otherUser, String clientId) {
        return consequence(
                EventKind.CLIENT_SESSIONS_ENDED,
                otherUser,
                Map.of("client_id", clientId, "not_before", nextSecond(time)));
    }

    /** The same, to be compared by what it says. */
    NotedEvent withoutIdAndTime() {
        return new NotedEvent(kind, "", 0, realmId, realmName, userId, data);
    }

    /** What the order is kept for, and what Kafka chooses the partition by. */
    String key() {
        return userId != null ? userId : isOrdered() ? realmId : id;
    }

    /**
     * Whether it must keep its place among others. What concerns nobody who is known need not, such as a refused sign-in with a
     * made-up name: anybody can cause any number of these, and none may wait for another, nor hold up what concerns the realm.
     */
    boolean isOrdered() {
        return userId != null || kind == EventKind.CLIENT_ENDED || kind == EventKind.REALM_SESSIONS_ENDED;
    }
}
