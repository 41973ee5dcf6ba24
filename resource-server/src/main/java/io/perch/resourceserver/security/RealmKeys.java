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
 * The realm's public keys. They are fetched at first use and refreshed in the background. A token with an unknown key ID causes
 * one more fetch, so a new key is found at once. While Keycloak is unavailable, the keys are kept for one hour. Tokens with
 * invented key IDs cannot overload Keycloak: they cause at most two extra fetches in 30 seconds.
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
     * @return the keys; empty for an unknown key ID, also if the rate limit prevents another fetch
     * @throws KeySourceException if no keys are cached and Keycloak returns none
     */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            return keys.get(selector, context);
        } catch (RateLimitReachedException e) {
            // Either the key ID is unknown, which is a fault of the token, or no keys are cached, which is a fault of
            // this server.
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
