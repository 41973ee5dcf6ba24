package io.perch.resourceserver.security;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Refuses tokens whose session has ended. It also refuses tokens with a longer lifetime than a revocation is stored: they would
 * be accepted again after it.
 */
final class RevokedTokenValidator implements OAuth2TokenValidator<Jwt> {

    private static final String RFC_6750 = "https://www.rfc-editor.org/rfc/rfc6750#section-3.1";

    private final RevokedTokens revoked;
    private final BooleanSupplier ready;
    private final Duration longestLife;
    private final Counter ended;
    private final Counter tooLong;

    /**
     * Creates the validator.
     *
     * @param revoked the revoked tokens
     * @param ready whether the revocations are loaded
     * @param longestLife the longest accepted time from {@code iat} to {@code exp}
     */
    RevokedTokenValidator(RevokedTokens revoked, BooleanSupplier ready, Duration longestLife, MeterRegistry meters) {
        this.revoked = revoked;
        this.ready = ready;
        this.longestLife = longestLife;
        this.ended = refused("revoked", meters);
        this.tooLong = refused("lifetime", meters);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("perch.security.tokens.refused")
                .description("Tokens with a valid signature that were refused")
                .tag("reason", reason)
                .register(meters);
    }

    /**
     * Validates a token.
     *
     * @throws JwtException if the revocations are not loaded; this is not a fault of the token
     */
    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        if (!ready.getAsBoolean()) {
            throw new JwtException("The ended sessions are not loaded yet");
        }
        Instant issuedAt = token.getIssuedAt();
        Instant expiresAt = token.getExpiresAt();
        if (issuedAt == null
                || expiresAt == null
                || Duration.between(issuedAt, expiresAt).compareTo(longestLife) > 0) {
            tooLong.increment();
            return refusal("The token has no iat or exp, or its lifetime is too long");
        }
        if (revoked.isRevoked(SessionClaims.of(token))) {
            ended.increment();
            return refusal("The token's session has ended");
        }
        return OAuth2TokenValidatorResult.success();
    }

    private static OAuth2TokenValidatorResult refusal(String description) {
        return OAuth2TokenValidatorResult.failure(
                new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, description, RFC_6750));
    }
}
