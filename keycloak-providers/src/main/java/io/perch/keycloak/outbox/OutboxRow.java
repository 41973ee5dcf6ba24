package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** An event that is to go to Kafka. Its number comes from the database at the insert, which is what the order rests on. */
@Entity(name = "PerchOutboxRow")
@Table(name = "PERCH_OUTBOX")
class OutboxRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "ID")
    private long id;

    /** How {@link #event} is to be read, see {@link RowFormat}. */
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

    /** As W3C Trace Context has it. */
    @Column(name = "TRACEPARENT")
    private @Nullable String traceparent;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected OutboxRow() {}

    OutboxRow(int format, String key, String eventId, String event, long createdAt, @Nullable String traceparent) {
        this.format = format;
        this.key = key;
        this.eventId = eventId;
        this.event = event;
        this.createdAt = createdAt;
        this.traceparent = traceparent;
    }

    long id() {
        return id;
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
}
