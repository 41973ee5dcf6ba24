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
 * Refuses tokens whose session has ended, and those that live longer than an end is remembered: they would come back to life.
 */
final class LiveTokens implements OAuth2TokenValidator<Jwt> {

    private static final String RFC_6750 = "https://www.rfc-editor.org/rfc/rfc6750#section-3.1";

    private final RevokedTokens revoked;
    private final BooleanSupplier ready;
    private final Duration longestLife;
    private final Counter ended;
    private final Counter tooLong;

    /**
     * Makes the validator.
     *
     * @param revoked what is refused
     * @param ready whether that is known
     * @param longestLife of a token, from {@code iat} to {@code exp}
     */
    LiveTokens(RevokedTokens revoked, BooleanSupplier ready, Duration longestLife, MeterRegistry meters) {
        this.revoked = revoked;
        this.ready = ready;
        this.longestLife = longestLife;
        this.ended = refused("revoked", meters);
        this.tooLong = refused("lifetime", meters);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("perch.security.tokens.refused")
                .description("Tokens that were refused though their signature is good")
                .tag("reason", reason)
                .register(meters);
    }

    /**
     * Validates a token.
     *
     * @throws JwtException if it is not known what is refused, which is no fault of the token
     */
    @Override
    public OAuth2TokenValidatorResult validate(Jwt token) {
        if (!ready.getAsBoolean()) {
            throw new JwtException("It is not known yet which sessions have ended");
        }
        Instant issuedAt = token.getIssuedAt();
        Instant expiresAt = token.getExpiresAt();
        if (issuedAt == null
                || expiresAt == null
                || Duration.between(issuedAt, expiresAt).compareTo(longestLife) > 0) {
            tooLong.increment();
            return refusal("The token has no iat, or lives longer than is allowed here");
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
