package io.perch.resourceserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.security.Revocation.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevokedTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration REMEMBERED = Duration.ofMinutes(17);

    private final RevokedTokens revoked = new RevokedTokens(2);

    @Test
    void aRepeatedEndIsAddedOnce() {
        Revocation end = Revocation.ofSession("s", "u", NOW, REMEMBERED);

        assertThat(revoked.add(end)).isTrue();
        assertThat(revoked.add(end)).isFalse();
        assertThat(revoked.size(Kind.SESSION)).isEqualTo(1);
    }

    @Test
    void anEarlierDateDoesNotReplaceALaterOne() {
        revoked.add(Revocation.ofUser("u", NOW, NOW, REMEMBERED));

        assertThat(revoked.add(Revocation.ofUser("u", NOW.minusSeconds(60), NOW.minusSeconds(60), REMEMBERED)))
                .isFalse();
        assertThat(revoked.isRevoked(token("u", "s", NOW.minusSeconds(1)))).isTrue();
        assertThat(revoked.isRevoked(token("u", "s", NOW))).isFalse();
    }

    @Test
    void anEndIsDeletedWhenAllItsTokensHaveExpired() {
        revoked.add(Revocation.ofSession("s", "u", NOW, REMEMBERED));
        revoked.add(Revocation.ofUser("u", NOW, NOW, REMEMBERED));
        revoked.add(Revocation.ofRealm(NOW, NOW, REMEMBERED));

        revoked.removeExpired(NOW.plus(REMEMBERED).minusMillis(1));
        assertThat(revoked.size(Kind.SESSION) + revoked.size(Kind.USER) + revoked.size(Kind.REALM))
                .isEqualTo(3);

        revoked.removeExpired(NOW.plus(REMEMBERED));
        assertThat(revoked.size(Kind.SESSION) + revoked.size(Kind.USER) + revoked.size(Kind.REALM))
                .isZero();
    }

    @Test
    void whenFullAllOlderTokensAreRefused() {
        revoked.add(Revocation.ofSession("s1", "u1", NOW, REMEMBERED));
        assertThat(revoked.isFull()).isFalse();
        revoked.add(Revocation.ofUser("u2", NOW, NOW, REMEMBERED));
        assertThat(revoked.isFull()).isTrue();

        revoked.replaceAllWith(Revocation.ofRealm(Revocation.after(NOW), NOW, REMEMBERED));

        assertThat(revoked.isFull()).isFalse();
        assertThat(revoked.isRevoked(token("u1", "s1", NOW.minusSeconds(10)))).isTrue();
        assertThat(revoked.isRevoked(token("u3", "s3", NOW))).isTrue();
        assertThat(revoked.isRevoked(token("u3", "s3", NOW.plusSeconds(1)))).isFalse();
    }

    private static SessionClaims token(String userId, String sessionId, Instant issuedAt) {
        return new SessionClaims(userId, sessionId, null, null, issuedAt, null);
    }
}
