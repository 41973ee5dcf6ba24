package io.perch.resourceserver.security;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * The claims that identify a token's session.
 *
 * @param subject the user: {@code sub}
 * @param sessionId the session: {@code sid}; null for a token without a session, such as a service account's
 * @param clientId the client that the token was issued to: {@code azp}; null if absent
 * @param tokenId the token: {@code jti}; null if absent
 * @param issuedAt when the token was issued, in whole seconds: {@code iat}
 * @param authenticatedAt when the user signed in, in whole seconds: {@code auth_time}; null if absent
 */
public record SessionClaims(
        String subject,
        @Nullable String sessionId,
        @Nullable String clientId,
        @Nullable String tokenId,
        Instant issuedAt,
        @Nullable Instant authenticatedAt) {

    /** Reads the claims of a verified token. A token without {@code iat} counts as issued at the epoch. */
    public static SessionClaims of(Jwt token) {
        Instant issuedAt = token.getIssuedAt();
        return new SessionClaims(
                Objects.requireNonNullElse(token.getSubject(), ""),
                token.getClaims().get("sid") instanceof String sid ? sid : null,
                token.getClaims().get("azp") instanceof String azp ? azp : null,
                token.getId(),
                issuedAt == null ? Instant.EPOCH : issuedAt,
                token.getClaims().get("auth_time") instanceof Number seconds
                        ? Instant.ofEpochSecond(seconds.longValue())
                        : null);
    }
}
