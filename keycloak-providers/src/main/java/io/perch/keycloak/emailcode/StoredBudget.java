package io.perch.keycloak.emailcode;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** When a mailbox or a network address, which its id is made of, had its mails of the last hour. */
@Entity(name = "PerchEmailCodeBudget")
@Table(name = "PERCH_EMAIL_CODE_BUDGET")
class StoredBudget {

    @Id
    @Column(name = "ID")
    private String id;

    /** Seconds since 1970, oldest first, with blanks between. */
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
