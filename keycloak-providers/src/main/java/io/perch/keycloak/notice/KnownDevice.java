package io.perch.keycloak.notice;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A device that a user has signed in from. The id is a keyed hash of the device. */
@Entity(name = "PerchKnownDevice")
@Table(name = "PERCH_KNOWN_DEVICE")
class KnownDevice {

    @Id
    @Column(name = "ID")
    private String id;

    @Column(name = "REALM_ID")
    private String realmId;

    @Column(name = "USER_ID")
    private String userId;

    @Column(name = "KEY_ID")
    private String keyId;

    /** Whether it was stored by a version without cookies. */
    @Column(name = "BEFORE_COOKIES")
    private boolean beforeCookies;

    /** Seconds since 1970. */
    @Column(name = "LAST_SEEN")
    private long lastSeen;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected KnownDevice() {}

    KnownDevice(String id, String realmId, String userId, String keyId, long lastSeen) {
        this.id = id;
        this.realmId = realmId;
        this.userId = userId;
        this.keyId = keyId;
        this.lastSeen = lastSeen;
    }

    String id() {
        return id;
    }

    String keyId() {
        return keyId;
    }

    boolean isBeforeCookies() {
        return beforeCookies;
    }

    void seen(long now) {
        lastSeen = now;
    }
}
