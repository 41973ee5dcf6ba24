package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** How far telling all users of a realm again has come. */
@Entity(name = "PerchOutboxResync")
@Table(name = "PERCH_OUTBOX_RESYNC")
class ResyncRow {

    /** How it stands. */
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

    /** 1 where it was asked for again while it ran, for a reason that those told before may not know of. */
    @Column(name = "REPEATED")
    private int repeated;

    /** Id of the last user told; the users are told in the order of their ids. */
    @Column(name = "LAST_USER")
    private String lastUser;

    @Column(name = "TOLD")
    private long told;

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
        told = 0;
        total = users;
        startedAt = now;
        updatedAt = now;
    }

    void repeat() {
        repeated = 1;
    }

    void tell(String last, int count, long now) {
        lastUser = last;
        told += count;
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

    long told() {
        return told;
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
