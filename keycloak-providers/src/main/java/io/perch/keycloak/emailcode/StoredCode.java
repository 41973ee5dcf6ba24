package io.perch.keycloak.emailcode;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The one code that is out for a realm, a user and a purpose, which its id is made of. */
@Entity(name = "PerchEmailCode")
@Table(name = "PERCH_EMAIL_CODE")
class StoredCode {

    @Id
    @Column(name = "ID")
    private String id;

    /** New with every code, so that who read one code does not use up or send another. */
    @Column(name = "ISSUE_ID")
    private String issueId;

    @Column(name = "KEY_ID")
    private String keyId;

    @Column(name = "HASH")
    private String hash;

    @Column(name = "ATTEMPTS")
    private int attempts;

    @Column(name = "ISSUED_AT")
    private long issuedAt;

    @Column(name = "EXPIRES_AT")
    private long expiresAt;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected StoredCode() {}

    @SuppressWarnings("NullAway.Init") // all but the id is set by the first issue
    StoredCode(String id) {
        this.id = id;
    }

    void issue(String newIssueId, String newKeyId, String newHash, long now, int life) {
        issueId = newIssueId;
        keyId = newKeyId;
        hash = newHash;
        attempts = 0;
        issuedAt = now;
        expiresAt = now + life;
    }

    String issueId() {
        return issueId;
    }

    String keyId() {
        return keyId;
    }

    String hash() {
        return hash;
    }

    long issuedAt() {
        return issuedAt;
    }
}
