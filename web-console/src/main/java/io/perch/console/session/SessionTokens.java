package io.perch.console.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one session. They are sent only to Keycloak; the access token is also sent to the APIs.
 *
 * @param user the signed-in user
 * @param sessionId the session at Keycloak ({@code sid}), or null if the ID token has none
 * @param signedInAt when the user signed in
 * @param accessToken the access token
 * @param issuedAt when the access token was issued
 * @param expiresAt when the access token expires
 * @param refreshToken the refresh token, which can be used once; null if there is none
 */
record SessionTokens(
        SignedInUser user,
        @Nullable String sessionId,
        Instant signedInAt,
        String accessToken,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable String refreshToken) {

    /**
     * Returns whether the access token is still valid for this time. If its whole lifetime is shorter, half of the
     * lifetime is enough.
     */
    boolean isGoodFor(Duration wanted, Instant now) {
        Duration half = Duration.between(issuedAt, expiresAt).dividedBy(2);
        Duration enough = wanted.compareTo(half) < 0 ? wanted : half;
        return now.plus(enough).isBefore(expiresAt);
    }

    /** Without the tokens, because it may be logged. */
    @Override
    public String toString() {
        return "SessionTokens[user=%s, sessionId=%s]".formatted(user.id(), sessionId);
    }
}
