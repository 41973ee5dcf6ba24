package io.perch.keycloak.emailcode;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * The one code that is out for a realm, a user, a purpose and, of a sign-in, its authentication session: its id is made of them.
 * It stays for as long as its wrong guesses are remembered.
 */
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

    /** The network that asked for the code, hashed. */
    @Column(name = "ASKED_FROM")
    private String askedFrom = "";

    /** Wrong guesses at the codes before this one. */
    @Column(name = "FAILED")
    private int failed;

    @Column(name = "FAILED_SINCE")
    private long failedSince;

    /** When the wrong guesses may be forgotten. */
    @Column(name = "REMEMBER_UNTIL")
    private long rememberUntil;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected StoredCode() {}

    @SuppressWarnings("NullAway.Init") // all but the id is set by the first issue
    StoredCode(String id) {
        this.id = id;
    }

    /** Counts the wrong guesses of the last code among those before, and returns how many these are now. */
    int addFailures(long now, int memory) {
        if (failedSince + memory <= now) {
            failed = 0;
            failedSince = now;
        }
        failed += attempts;
        attempts = 0;
        rememberUntil = failedSince + memory;
        return failed;
    }

    void issue(String newIssueId, String newKeyId, String newHash, long now, int life, String network) {
        askedFrom = network;
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
