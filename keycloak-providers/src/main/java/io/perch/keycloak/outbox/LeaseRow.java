package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** The node that holds the lease of a task. */
@Entity(name = "PerchOutboxLease")
@Table(name = "PERCH_OUTBOX_LEASE")
class LeaseRow {

    @Id
    @Column(name = "ID")
    private String id;

    @Column(name = "OWNER")
    private @Nullable String owner;

    /** Grows by one whenever the owner changes. */
    @Column(name = "TERM")
    private long term;

    /** Seconds since 1970 by the database's clock. */
    @Column(name = "ENDS_AT")
    private long endsAt;

    /** The first part of each sequence, before the row's number. So sequences grow even if the row numbers start again. */
    @Column(name = "ERA")
    private long era;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected LeaseRow() {}

    @Nullable
    String owner() {
        return owner;
    }

    long term() {
        return term;
    }

    long endsAt() {
        return endsAt;
    }

    long era() {
        return era;
    }
}
