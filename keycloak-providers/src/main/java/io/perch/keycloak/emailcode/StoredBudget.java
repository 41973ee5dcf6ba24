package io.perch.keycloak.emailcode;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The times of the last hour's mails to one mailbox or from one network. The id is a hash of the mailbox or network. */
@Entity(name = "PerchEmailCodeBudget")
@Table(name = "PERCH_EMAIL_CODE_BUDGET")
class StoredBudget {

    @Id
    @Column(name = "ID")
    private String id;

    /** Seconds since 1970, oldest first, separated by blanks. */
    @Column(name = "SENT_AT")
    private String sentAt = "";

    @Column(name = "EXPIRES_AT")
    private long expiresAt;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected StoredBudget() {}

    StoredBudget(String id) {
        this.id = id;
    }

    String sentAt() {
        return sentAt;
    }

    void sent(String times, long expiry) {
        sentAt = times;
        expiresAt = expiry;
    }
}
