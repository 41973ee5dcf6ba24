package io.perch.resourceserver.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEventType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionEndsTest {

    private static final Instant SECOND = Instant.parse("2026-11-20T12:00:00Z");
    private static final String CLIENT = "client";
    private static final Duration REMEMBERED = Duration.ofMinutes(17);

    private final RevokedTokens revoked = new RevokedTokens(1_000_000);
    private final SessionEnds ends = new SessionEnds(revoked, REMEMBERED);

    @Test
    void theEndOfTheRealmAppliesToSignInsOfTheSameSecondInAnyOrder() {
        apply(event(UserEventType.LOGGED_IN, "u1", "heard-before", SECOND.plusMillis(100), null));
        apply(event(UserEventType.REALM_SESSIONS_ENDED, null, null, SECOND.plusMillis(500), SECOND));
        apply(event(UserEventType.LOGGED_IN, "u2", "heard-after", SECOND.plusMillis(200), null));
        apply(event(UserEventType.LOGGED_IN, "u3", "fresh", SECOND.plusMillis(800), null));

        assertThat(isRevoked("u1", "heard-before", SECOND)).isTrue();
        assertThat(isRevoked("u2", "heard-after", SECOND)).isTrue();
        assertThat(isRevoked("u3", "fresh", SECOND)).isFalse();
        assertThat(isRevoked("u4", "older", SECOND.minusSeconds(1))).isTrue();
    }

    @Test
    void aContinuedSessionIsAcceptedWithItsNextToken() {
        apply(event(UserEventType.LOGGED_IN, "u", "s", SECOND.plusMillis(100), null));
        apply(event(UserEventType.SESSIONS_ENDED, "u", null, SECOND.plusMillis(500), SECOND));

        assertThat(isRevoked("u", "s", SECOND)).isTrue();
        assertThat(isRevoked("u", "s", SECOND.plusSeconds(1))).isFalse();
    }

    @Test
    void theEndOfAClientSessionRefusesItsOldTokens() {
        apply(event(UserEventType.CLIENT_SESSION_ENDED, "u", "s", SECOND.plusMillis(900), SECOND.plusSeconds(1)));

        assertThat(isRevoked("u", "s", SECOND)).isTrue();
        // The token of a refresh that had already started
        assertThat(isRevoked("u", "s", SECOND.plusSeconds(1))).isTrue();
        assertThat(isRevoked("u", "s", SECOND.plusSeconds(2))).isFalse();
        assertThat(isRevoked("u", "other", SECOND)).isFalse();
        assertThat(revoked.isRevoked(new SessionClaims("u", "s", "other", "t", SECOND, null)))
                .isFalse();
    }

    @Test
    void theEndOfAnOnlineSessionKeepsTheOfflineSession() {
        apply(event(UserEventType.SESSION_ENDED, "u", "s", SECOND, SECOND.plusSeconds(1)));

        assertThat(isRevoked("u", "s", SECOND)).isTrue();
        assertThat(isRevoked("u", "s", SECOND.plusSeconds(1))).isFalse();
    }

    @Test
    void anEndWithoutClientAppliesToAllClients() {
        apply(eventWithoutClient(UserEventType.CLIENT_SESSION_ENDED, "u1", "s1"));
        apply(eventWithoutClient(UserEventType.CLIENT_SESSIONS_ENDED, "u2", null));
        apply(eventWithoutClient(UserEventType.TOKEN_REVOKED, "u3", "s3"));

        assertThat(isRevoked("u1", "s1", SECOND)).isTrue();
        assertThat(isRevoked("u2", "s2", SECOND)).isTrue();
        assertThat(isRevoked("u3", "s3", SECOND)).isTrue();
    }

    @Test
    void aDateInTheFarFutureIsLimitedToATokensLifetime() {
        apply(event(UserEventType.REALM_SESSIONS_ENDED, null, null, SECOND, SECOND.plus(Duration.ofDays(3650))));

        assertThat(isRevoked("u", "s", SECOND.plusSeconds(60))).isTrue();
        assertThat(isRevoked("u", "s", SECOND.plus(REMEMBERED))).isFalse();
    }

    @Test
    void signInsAreRememberedInLimitedNumber() {
        for (int i = 0; i < 50_000; i++) {
            apply(event(UserEventType.LOGGED_IN, "u" + i, "s" + i, SECOND.plusMillis(i / 1_000), null));
        }
        apply(event(UserEventType.REALM_SESSIONS_ENDED, null, null, SECOND.plusMillis(900), SECOND));

        assertThat(revoked.size(Revocation.Kind.SESSION)).isEqualTo(20_000);
    }

    private void apply(UserEvent event) {
        List<Revocation> ended = ends.endedBy(event);
        ended.forEach(revoked::add);
    }

    private boolean isRevoked(String userId, String sessionId, Instant issuedAt) {
        return revoked.isRevoked(new SessionClaims(userId, sessionId, CLIENT, "token", issuedAt, null));
    }

    private static UserEvent event(
            UserEventType type,
            @Nullable String userId,
            @Nullable String sessionId,
            Instant time,
            @Nullable Instant notBefore) {
        return event(type, userId, sessionId, CLIENT, time, notBefore);
    }

    private static UserEvent eventWithoutClient(UserEventType type, String userId, @Nullable String sessionId) {
        return event(type, userId, sessionId, null, SECOND, null);
    }

    private static UserEvent event(
            UserEventType type,
            @Nullable String userId,
            @Nullable String sessionId,
            @Nullable String clientId,
            Instant time,
            @Nullable Instant notBefore) {
        return new UserEvent(
                "id",
                type,
                type.wireName(),
                "perch",
                userId,
                1,
                time,
                null,
                sessionId,
                clientId,
                null,
                null,
                null,
                notBefore,
                null,
                Map.of(),
                null);
    }
}
