package io.perch.resourceserver.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Parses a token and verifies its signature once in five minutes, not for each request. Nothing else is cached: the expiry, the
 * session, the DPoP proof, and whether the key is still in the realm's JWK Set are checked for every request.
 */
final class VerifiedTokens implements JwtDecoder {

    private static final Duration CACHE_TIME = Duration.ofMinutes(5);
    private static final int MAX_TOKENS = 10_000;

    private final JwtDecoder signatures;
    private final OAuth2TokenValidator<Jwt> validator;
    private final RealmKeys keys;
    private final Cache<ByteBuffer, Verified> verified = Caffeine.newBuilder()
            .maximumSize(MAX_TOKENS)
            .expireAfterWrite(CACHE_TIME)
            .build();

    private record Verified(Jwt token, JWKSelector selector, List<JWK> key) {}

    /**
     * Creates the decoder.
     *
     * @param signatures parses a token and verifies only its signature
     * @param validator validates the claims of a token, for every request
     */
    VerifiedTokens(JwtDecoder signatures, OAuth2TokenValidator<Jwt> validator, RealmKeys keys) {
        this.signatures = signatures;
        this.validator = validator;
        this.keys = keys;
    }

    @Override
    public Jwt decode(String token) throws JwtException {
        ByteBuffer hash = sha256(token);
        Verified known = verified.getIfPresent(hash);
        if (known != null) {
            if (known.key().equals(keysOf(known.selector()))) {
                return validated(known.token());
            }
            verified.invalidate(hash);
        }
        return validated(verify(token, hash));
    }

    private Jwt verify(String token, ByteBuffer hash) {
        Jwt jwt = signatures.decode(token);
        // The key is already cached, so this fetches nothing
        if (jwt.getHeaders().get("kid") instanceof String kid) {
            JWKSelector selector = new JWKSelector(new JWKMatcher.Builder()
                    .keyType(KeyType.RSA)
                    .algorithms(JWSAlgorithm.RS256, null)
                    .keyID(kid)
                    .build());
            List<JWK> key = keysOf(selector);
            if (key.size() == 1) {
                verified.put(hash, new Verified(jwt, selector, key));
            }
        }
        return jwt;
    }

    private List<JWK> keysOf(JWKSelector selector) {
        try {
            return keys.get(selector, null);
        } catch (KeySourceException e) {
            throw new JwtException("The realm's keys cannot be read", e);
        }
    }

    private Jwt validated(Jwt token) {
        OAuth2TokenValidatorResult result = validator.validate(token);
        if (result.hasErrors()) {
            throw new JwtValidationException(reason(result), result.getErrors());
        }
        return token;
    }

    /** What the client reads in {@code WWW-Authenticate}. */
    private static String reason(OAuth2TokenValidatorResult refusal) {
        return refusal.getErrors().stream()
                .map(OAuth2Error::getDescription)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("The token is not valid");
    }

    private static ByteBuffer sha256(String token) {
        try {
            byte[] text = token.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
