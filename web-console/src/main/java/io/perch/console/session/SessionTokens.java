package io.perch.console.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Keycloak gave for one session. It never leaves this server but to Keycloak and, the access token alone, to the APIs.
 *
 * @param user who is signed in
 * @param sessionId the session at Keycloak ({@code sid}), or null where the ID token names none
 * @param signedInAt when these tokens' session was opened here
 * @param accessToken the access token
 * @param issuedAt when the access token was given
 * @param expiresAt when it ends
 * @param refreshToken the refresh token, which works once; null where there is none
 */
record SessionTokens(
        SignedInUser user,
        @Nullable String sessionId,
        Instant signedInAt,
        String accessToken,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable String refreshToken) {

    /** Returns whether the access token lasts so long yet, or half of its life where it never lasts so long. */
    boolean isGoodFor(Duration wanted, Instant now) {
        Duration half = Duration.between(issuedAt, expiresAt).dividedBy(2);
        Duration enough = wanted.compareTo(half) < 0 ? wanted : half;
        return now.plus(enough).isBefore(expiresAt);
    }

    /** Keeps the tokens out of logs. */
    @Override
    public String toString() {
        return "SessionTokens[user=%s, sessionId=%s]".formatted(user.id(), sessionId);
    }
}
