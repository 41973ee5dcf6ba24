package io.perch.keycloak.notice;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.util.JsonSerialization;

/** A notice that is not sent yet, or was sent within the last hour. */
@Entity(name = "PerchNotice")
@Table(name = "PERCH_NOTICE")
class StoredNotice {

    /** The event details that mails show. They are short. */
    private static final String[] DETAILS = {
        Details.PREVIOUS_EMAIL, Details.UPDATED_EMAIL, Details.CREDENTIAL_TYPE, Details.CREDENTIAL_USER_LABEL
    };

    @Id
    @Column(name = "ID")
    private String id;

    @Column(name = "REALM_ID")
    private String realmId;

    @Column(name = "USER_ID")
    private String userId;

    @Column(name = "KIND")
    private String kind;

    @Column(name = "ADDRESS")
    private @Nullable String address;

    @Column(name = "LANGUAGE")
    private String language;

    @Column(name = "EVENT_TYPE")
    private String eventType;

    /** Milliseconds since 1970. */
    @Column(name = "EVENT_TIME")
    private long eventTime;

    @Column(name = "CLIENT_ID")
    private @Nullable String clientId;

    @Column(name = "IP_ADDRESS")
    private @Nullable String ipAddress;

    @Column(name = "DETAILS")
    private String details;

    @Column(name = "ATTRIBUTES")
    private String attributes;

    /** Seconds since 1970, as all times below. */
    @Column(name = "CREATED_AT")
    private long createdAt;

    @Column(name = "ATTEMPTS")
    private int attempts;

    /** When a node may send it; while one node sends it, when another node may do so. */
    @Column(name = "NEXT_ATTEMPT_AT")
    private long nextAttemptAt;

    /** Zero until it is sent. */
    @Column(name = "SENT_AT")
    private long sentAt;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected StoredNotice() {}

    StoredNotice(Notice notice) {
        Event event = notice.event();
        id = UUID.randomUUID().toString();
        realmId = event.getRealmId();
        userId = event.getUserId();
        kind = notice.kind().name();
        address = notice.address();
        language = notice.language();
        eventType = event.getType().name();
        eventTime = event.getTime();
        clientId = event.getClientId();
        ipAddress = event.getIpAddress();
        details = json(shown(event.getDetails()));
        attributes = json(notice.attributes());
        createdAt = Time.currentTimeSeconds();
        nextAttemptAt = createdAt;
    }

    Notice notice() {
        Event event = new Event();
        event.setId(id);
        event.setRealmId(realmId);
        event.setUserId(userId);
        event.setType(EventType.valueOf(eventType));
        event.setTime(eventTime);
        event.setClientId(clientId);
        event.setIpAddress(ipAddress);
        event.setDetails(map(details));
        return new Notice(Notice.Kind.valueOf(kind), event, address, map(attributes), language);
    }

    String realmId() {
        return realmId;
    }

    String userId() {
        return userId;
    }

    String kind() {
        return kind;
    }

    long createdAt() {
        return createdAt;
    }

    int attempts() {
        return attempts;
    }

    void sent(long now) {
        sentAt = now;
    }

    void retryAt(long time) {
        nextAttemptAt = time;
    }

    private static Map<String, String> shown(@Nullable Map<String, String> all) {
        Map<String, String> shown = new TreeMap<>();
        for (String name : DETAILS) {
            String value = all == null ? null : all.get(name);
            if (value != null) {
                shown.put(name, value);
            }
        }
        return shown;
    }

    private static String json(Map<String, String> map) {
        try {
            return JsonSerialization.writeValueAsString(map);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // json() wrote it
    private static Map<String, String> map(String json) {
        try {
            return JsonSerialization.readValue(json, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
