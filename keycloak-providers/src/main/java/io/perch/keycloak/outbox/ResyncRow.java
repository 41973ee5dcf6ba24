package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** The progress of a realm's resync. */
@Entity(name = "PerchOutboxResync")
@Table(name = "PERCH_OUTBOX_RESYNC")
class ResyncRow {

    enum State {
        RUNNING,
        DONE
    }

    @Id
    @Column(name = "REALM_ID")
    private String realmId;

    @Column(name = "ID")
    private String id;

    @Column(name = "STATE")
    private String state;

    /** 1 if it must be repeated, because something has changed while it ran; the events published so far may lack that change. */
    @Column(name = "REPEATED")
    private int repeated;

    /** Id of the last user whose state was published. Users are published in the order of their ids. */
    @Column(name = "LAST_USER")
    private String lastUser;

    @Column(name = "TOLD")
    private long published;

    @Column(name = "TOTAL")
    private long total;

    /** Milliseconds since 1970. */
    @Column(name = "STARTED_AT")
    private long startedAt;

    @Column(name = "UPDATED_AT")
    private long updatedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected ResyncRow() {}

    ResyncRow(String realmId) {
        this.realmId = realmId;
        this.id = "";
        this.state = State.DONE.name();
        this.lastUser = "";
    }

    void start(long users, long now) {
        id = UUID.randomUUID().toString();
        state = State.RUNNING.name();
        repeated = 0;
        lastUser = "";
        published = 0;
        total = users;
        startedAt = now;
        updatedAt = now;
    }

    void repeat() {
        repeated = 1;
    }

    void advance(String last, int count, long now) {
        lastUser = last;
        published += count;
        updatedAt = now;
    }

    void finish(long now) {
        state = State.DONE.name();
        updatedAt = now;
    }

    boolean isRunning() {
        return state.equals(State.RUNNING.name());
    }

    boolean isToBeRepeated() {
        return repeated == 1;
    }

    String realmId() {
        return realmId;
    }

    String id() {
        return id;
    }

    String lastUser() {
        return lastUser;
    }

    long published() {
        return published;
    }

    long total() {
        return total;
    }

    long startedAt() {
        return startedAt;
    }

    long updatedAt() {
        return updatedAt;
    }
}
