package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import org.jspecify.annotations.Nullable;

/** An event that will be sent to Kafka. The database assigns its number at the insert. The order of events depends on that. */
@Entity(name = "PerchOutboxRow")
@Table(name = "PERCH_OUTBOX")
class OutboxRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "ID")
    private long id;

    /** The format of {@link #event}, see {@link RowFormat}. */
    @Column(name = "FORMAT")
    private int format;

    @Column(name = "EVENT_KEY")
    private String key;

    @Column(name = "EVENT_ID")
    private String eventId;

    @Column(name = "EVENT")
    private String event;

    /** Milliseconds since 1970. */
    @Column(name = "CREATED_AT")
    private long createdAt;

    /** The header of W3C Trace Context; null if the request had none. */
    @Column(name = "TRACEPARENT")
    private @Nullable String traceparent;

    /** Null in a row that was written before this column existed. */
    @Column(name = "REALM_ID")
    private @Nullable String realmId;

    /** The number that the event had before it was set aside; null if it was never set aside. */
    @Column(name = "ORIGINAL_ID")
    private @Nullable Long originalId;

    /** The topic that the row waits for, because it is not available; null in rows that are to be sent. */
    @Column(name = "WAITS_FOR")
    private @Nullable String waitsFor;

    /** See {@link RowReader}. */
    @Transient
    private @Nullable String presentRealm;

    /** See {@link RowReader}. */
    @Transient
    private boolean isNameTaken;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected OutboxRow() {}

    OutboxRow(
            int format,
            @Nullable String realmId,
            String key,
            String eventId,
            String event,
            long createdAt,
            @Nullable String traceparent) {
        this.format = format;
        this.realmId = realmId;
        this.key = key;
        this.eventId = eventId;
        this.event = event;
        this.createdAt = createdAt;
        this.traceparent = traceparent;
    }

    /** Makes this row send the event again with the number that it had. */
    OutboxRow replaying(long number) {
        originalId = number;
        return this;
    }

    long id() {
        return id;
    }

    /**
     * The event's place in the sequence. It is the row's id, unless the event was set aside and is replayed. Then it is the first
     * row's id, so that consumers still see which state is the newer one.
     */
    long number() {
        return originalId == null ? id : originalId;
    }

    @Nullable
    String realmId() {
        return realmId;
    }

    int format() {
        return format;
    }

    String key() {
        return key;
    }

    String eventId() {
        return eventId;
    }

    String event() {
        return event;
    }

    long createdAt() {
        return createdAt;
    }

    @Nullable
    String traceparent() {
        return traceparent;
    }

    @Nullable
    String waitsFor() {
        return waitsFor;
    }

    /** Whether an administrator sends the event again that was set aside. */
    boolean isReplayed() {
        return originalId != null;
    }

    /** The name that the row's realm has when the row is read; null if it is removed, or was not read. */
    @Nullable
    String presentRealm() {
        return presentRealm;
    }

    /** Whether another realm has the name that the event has for its realm. */
    boolean isNameTaken() {
        return isNameTaken;
    }

    void setRealm(String id, String presentName) {
        realmId = id;
        presentRealm = presentName;
    }

    void setNameTaken() {
        isNameTaken = true;
    }

    /** Whether the event ends everything that was issued in its realm. Consumers need it also after the realm's removal. */
    boolean endsRealm() {
        return CloudEvents.type(event)
                .filter(EventKind.REALM_SESSIONS_ENDED.type()::equals)
                .isPresent();
    }
}
