package io.perch.resourceserver.security;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * The claims that name a token's session.
 *
 * @param subject the user: {@code sub}
 * @param sessionId the session: {@code sid}; null in a token of no session, such as a service's own
 * @param clientId the client that it was issued to: {@code azp}; null where the token does not say
 * @param tokenId the token: {@code jti}; null where the token does not say
 * @param issuedAt when the token was issued, in whole seconds: {@code iat}
 * @param authenticatedAt when the user signed in, in whole seconds: {@code auth_time}; null where the token does not say
 */
public record SessionClaims(
        String subject,
        @Nullable String sessionId,
        @Nullable String clientId,
        @Nullable String tokenId,
        Instant issuedAt,
        @Nullable Instant authenticatedAt) {

    /** Reads a token that was verified. A token without a date is taken for one that is as old as can be. */
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
