package io.perch.keycloak.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;

/**
 * An event that will be written as a row.
 *
 * @param id Keycloak's id of the event, or a new one if it has none
 * @param time milliseconds since 1970
 * @param userId null for an event of a realm or a client, and for a failed login with an unknown name
 * @param data members of the CloudEvent's data, in their order, without the user's state: that is read last
 */
record OutboxEvent(
        EventKind kind,
        String id,
        long time,
        String realmId,
        String realmName,
        @Nullable String userId,
        Map<String, Object> data) {

    private static final String REMOVAL = "USER_REMOVED";
    private static final String REALM_REMOVAL = "REALM_REMOVED";

    /** A user was removed, with or without an event of Keycloak. */
    static OutboxEvent removal(RealmModel realm, String userId, long time) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", REMOVAL)
                .toMap();
        return new OutboxEvent(
                EventKind.DELETED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    /** A user was imported from an old service's database. */
    static OutboxEvent imported(RealmModel realm, String userId, long time) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", "USER_IMPORTED")
                .toMap();
        return new OutboxEvent(
                EventKind.REGISTERED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    /** The state of a user, published again. */
    static OutboxEvent snapshot(RealmModel realm, String userId, long time, String resync) {
        Map<String, Object> data = new EventData()
                .with("realm", realm.getName())
                .with("user_id", userId)
                .with("keycloak_type", "RESYNC")
                .with("resync_id", resync)
                .toMap();
        return new OutboxEvent(
                EventKind.SNAPSHOT, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), userId, data);
    }

    /**
     * All tokens of a client, for any user, are void if they were issued before a time.
     *
     * @param time milliseconds since 1970
     * @param notBefore seconds since 1970
     */
    static OutboxEvent clientEnd(
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
        return new OutboxEvent(
                EventKind.CLIENT_ENDED, UUID.randomUUID().toString(), time, realm.getId(), realm.getName(), null, data);
    }

    /** A realm was removed. All its tokens are void. */
    static OutboxEvent realmRemoval(String realmId, String name, long time, @Nullable Map<String, Object> actor) {
        Map<String, Object> data = new EventData()
                .with("realm", name)
                .with("keycloak_type", REALM_REMOVAL)
                .with("not_before", nextSecond(time))
                .with("actor", actor)
                .toMap();
        return new OutboxEvent(
                EventKind.REALM_SESSIONS_ENDED, UUID.randomUUID().toString(), time, realmId, name, null, data);
    }

    /**
     * The first second, since 1970, whose tokens were all issued after a time. A token has its time of issue in whole seconds.
     *
     * @param time milliseconds since 1970
     */
    static long nextSecond(long time) {
        return time / 1000 + 1;
    }

    boolean isRemoval() {
        return REMOVAL.equals(data.get("keycloak_type"));
    }

    boolean isRealmRemoval() {
        return REALM_REMOVAL.equals(data.get("keycloak_type"));
    }

    /** An event that follows from this one: same user, same time, same actor. */
    OutboxEvent consequence(EventKind otherKind, Map<String, Object> more) {
        Map<String, Object> members = new LinkedHashMap<>(data);
        members.putAll(more);
        return new OutboxEvent(otherKind, UUID.randomUUID().toString(), time, realmId, realmName, userId, members);
    }

    /** An event that follows from this one, of any user. */
    OutboxEvent consequence(EventKind otherKind, String otherUser, Map<String, Object> more) {
        Map<String, Object> members = new LinkedHashMap<>(data);
        // These describe the first event. The session and the client that end may be others
        members.keySet().removeAll(Set.of("error", "session_id", "client_id", "credential_type", "identity_provider"));
        members.put("user_id", otherUser);
        members.putAll(more);
        return new OutboxEvent(otherKind, UUID.randomUUID().toString(), time, realmId, realmName, otherUser, members);
    }

    /** All tokens of a client for a user are void until the time of this event. */
    OutboxEvent clientSessions(String otherUser, String clientId) {
        return consequence(
                EventKind.CLIENT_SESSIONS_ENDED,
                otherUser,
                Map.of("client_id", clientId, "not_before", nextSecond(time)));
    }

    /** This event without id and time, to find duplicates. */
    OutboxEvent withoutIdAndTime() {
        return new OutboxEvent(kind, "", 0, realmId, realmName, userId, data);
    }

    /** The key of the Kafka record. Events with the same key stay in order and go to the same partition. */
    String key() {
        return userId != null ? userId : isOrdered() ? realmId : id;
    }

    /**
     * Whether the event needs an order. Events of no known user, such as a failed login with an unknown name, need none. Anybody
     * can cause any number of these. They must not wait for each other, and must not delay events of the realm.
     */
    boolean isOrdered() {
        return userId != null || kind == EventKind.CLIENT_ENDED || kind == EventKind.REALM_SESSIONS_ENDED;
    }
}
