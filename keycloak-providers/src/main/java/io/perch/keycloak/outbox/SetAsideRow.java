package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A row that Kafka will never accept, with the reason. */
@Entity(name = "PerchOutboxSetAside")
@Table(name = "PERCH_OUTBOX_SET_ASIDE")
class SetAsideRow {

    private static final int MAX_REASON_LENGTH = 1000;

    /** The event's number, see {@link OutboxRow#number}. */
    @Id
    @Column(name = "ID")
    private long id;

    @Column(name = "FORMAT")
    private int format;

    @Column(name = "EVENT_KEY")
    private String key;

    @Column(name = "EVENT_ID")
    private String eventId;

    @Column(name = "EVENT")
    private String event;

    @Column(name = "CREATED_AT")
    private long createdAt;

    @Column(name = "TRACEPARENT")
    private @Nullable String traceparent;

    /** Milliseconds since 1970. */
    @Column(name = "SET_ASIDE_AT")
    private long setAsideAt;

    @Column(name = "REASON")
    private String reason;

    /** Null if the row was written before this column existed. */
    @Column(name = "REALM_ID")
    private @Nullable String realmId;

    /** Null if the event cannot be read. */
    @Column(name = "EVENT_TYPE")
    private @Nullable String type;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected SetAsideRow() {}

    SetAsideRow(OutboxRow row, String reason, long setAsideAt) {
        this.id = row.number();
        this.format = row.format();
        this.key = row.key();
        this.eventId = row.eventId();
        this.event = row.event();
        this.createdAt = row.createdAt();
        this.traceparent = row.traceparent();
        this.setAsideAt = setAsideAt;
        this.reason = reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
        this.realmId = row.realmId();
        this.type = CloudEvents.type(row.event()).orElse(null);
    }

    String key() {
        return key;
    }

    String reason() {
        return reason;
    }

    /** The event's type; null if the event cannot be read. */
    @Nullable
    String type() {
        return type;
    }

    /** A new row that sends the event again. */
    OutboxRow replay() {
        return new OutboxRow(RowFormat.forReplay(format), realmId, key, eventId, event, createdAt, traceparent)
                .replaying(id);
    }
}
