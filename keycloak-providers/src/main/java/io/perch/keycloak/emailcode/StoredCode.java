package io.perch.keycloak.emailcode;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * The newest code for a realm, a user, a purpose and, for a sign-in, an authentication session. The id is a hash of these. The row
 * stays as long as its wrong guesses count.
 */
@Entity(name = "PerchEmailCode")
@Table(name = "PERCH_EMAIL_CODE")
class StoredCode {

    @Id
    @Column(name = "ID")
    private String id;

    /** New with every code, so that a check or a mail of an earlier code does not use up or send a newer one. */
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

    /** The hash of the network that requested the code. */
    @Column(name = "ASKED_FROM")
    private String requestNetwork = "";

    /** Wrong guesses at the earlier codes. */
    @Column(name = "FAILED")
    private int failed;

    @Column(name = "FAILED_SINCE")
    private long failedSince;

    /** When the wrong guesses no longer count. */
    @Column(name = "REMEMBER_UNTIL")
    private long rememberUntil;

    @SuppressWarnings("NullAway.Init") // Hibernate sets the fields
    protected StoredCode() {}

    @SuppressWarnings("NullAway.Init") // all but the id is set by the first issue
    StoredCode(String id) {
        this.id = id;
    }

    /**
     * Adds the wrong guesses at the last code to the earlier ones, and returns the sum.
     *
     * @param retention seconds that wrong guesses count
     */
    int addFailures(long now, int retention) {
        if (failedSince + retention <= now) {
            failed = 0;
            failedSince = now;
        }
        failed += attempts;
        attempts = 0;
        rememberUntil = failedSince + retention;
        return failed;
    }

    void issue(String newIssueId, String newKeyId, String newHash, long now, int life, String network) {
        requestNetwork = network;
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
