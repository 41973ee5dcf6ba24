package io.perch.keycloak.legacy;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A user who was imported from an old database and deleted in Keycloak. The user is not imported again. */
@Entity(name = "PerchLegacyDeletedUser")
@Table(name = "PERCH_LEGACY_DELETED_USER")
class DeletedUserRow {

    /** The user's id, computed from the old row, see {@link LegacyUser#id}. It contains no personal data. */
    @Id
    @Column(name = "ID")
    private String id;

    @Column(name = "REALM_ID")
    private String realmId;

    /** Milliseconds since 1970. */
    @Column(name = "DELETED_AT")
    private long deletedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected DeletedUserRow() {}

    DeletedUserRow(String id, String realmId, long deletedAt) {
        this.id = id;
        this.realmId = realmId;
        this.deletedAt = deletedAt;
    }

    String id() {
        return id;
    }

    String realmId() {
        return realmId;
    }

    long deletedAt() {
        return deletedAt;
    }
}
