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

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected SetAsideRow() {}

    SetAsideRow(OutboxRow row, String reason, long setAsideAt) {
        this.id = row.id();
        this.format = row.format();
        this.key = row.key();
        this.eventId = row.eventId();
        this.event = row.event();
        this.createdAt = row.createdAt();
        this.traceparent = row.traceparent();
        this.setAsideAt = setAsideAt;
        this.reason = reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH);
    }
}
