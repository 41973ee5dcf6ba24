package io.perch.resourceserver.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The realm's public keys. They are fetched at first use, refreshed in the background, fetched once more when a token
 * names a key that is not among them (a new key is picked up at once), and kept for an hour while Keycloak is unavailable.
 * Tokens with made-up key ids cannot make this server hammer Keycloak: two extra fetches in thirty seconds is the most.
 */
final class RealmKeys implements JWKSource<SecurityContext>, AutoCloseable {

    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Duration REFRESH_AHEAD = Duration.ofMinutes(1);
    private static final Duration KEPT_DURING_OUTAGE = Duration.ofHours(1);
    private static final Duration FETCH_INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int MAX_BYTES = 256 * 1024;

    private final JWKSetBasedJWKSource<SecurityContext> keys;

    private RealmKeys(JWKSetBasedJWKSource<SecurityContext> keys) {
        this.keys = keys;
    }

    static RealmKeys from(URI jwksUri) {
        try {
            int timeout = Math.toIntExact(TIMEOUT.toMillis());
            var source = JWKSourceBuilder.<SecurityContext>create(
                            jwksUri.toURL(), new DefaultResourceRetriever(timeout, timeout, MAX_BYTES))
                    .cache(LIFE.toMillis(), 2 * TIMEOUT.toMillis())
                    .refreshAheadCache(REFRESH_AHEAD.toMillis(), true)
                    .rateLimited(FETCH_INTERVAL.toMillis())
                    .outageTolerant(KEPT_DURING_OUTAGE.toMillis())
                    .retrying(true)
                    .build();
            return new RealmKeys((JWKSetBasedJWKSource<SecurityContext>) source);
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("perch.keycloak.jwks-uri is not a URL: " + jwksUri, e);
        }
    }

    /**
     * Finds the keys for a token.
     *
     * @return the keys; none for an unknown key id, even when Keycloak is not asked again
     * @throws KeySourceException if no keys are known at all and Keycloak does not give any
     */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            return keys.get(selector, context);
        } catch (RateLimitReachedException e) {
            // Either the key is unknown, which is the token's fault, or no keys are known at all, which is ours.
            long now = System.currentTimeMillis();
            return selector.select(
                    keys.getJWKSetSource().getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), now, context));
        }
    }

    @Override
    public void close() throws IOException {
        keys.close();
    }
}
