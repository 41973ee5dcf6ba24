package io.perch.resourceserver.security;

import io.perch.resourceserver.security.Revocation.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revoked tokens that have not expired, in memory. A check is one look-up per kind, whatever the number of revocations. The
 * number is limited: if the limit is reached, one revocation of all tokens issued until then replaces all others. Clients then
 * refresh their tokens, and Keycloak refuses this for sessions that have ended.
 */
public class RevokedTokens {

    private static final Logger log = LoggerFactory.getLogger(RevokedTokens.class);

    private static final String EVERYBODY = "";

    /** How long a request that issues a token may take. Such a request may be in progress when the sessions end. */
    private static final Duration IN_FLIGHT = Duration.ofSeconds(2);

    private final int maxEntries;
    private final Map<Kind, Map<String, Revocation>> ends = new EnumMap<>(Kind.class);

    RevokedTokens(int maxEntries) {
        this.maxEntries = maxEntries;
        for (Kind kind : Kind.values()) {
            ends.put(kind, new ConcurrentHashMap<>());
        }
    }

    /** Returns whether a token is revoked. Its signature and expiry are not checked here. */
    public boolean isRevoked(SessionClaims token) {
        String sessionId = token.sessionId();
        String clientId = token.clientId();
        return isIssuedBefore(end(Kind.TOKEN, token.tokenId()), token)
                || isIssuedBefore(end(Kind.SESSION, sessionId), token)
                || isIssuedBefore(end(Kind.CLIENT_SESSION, sessionId, clientId), token)
                || isIssuedBefore(end(Kind.USER_CLIENT, token.subject(), clientId), token)
                || isIssuedBefore(end(Kind.CLIENT, clientId), token)
                || isBefore(end(Kind.USER, token.subject()), token)
                || isBefore(end(Kind.REALM, EVERYBODY), token);
    }

    private static boolean isIssuedBefore(@Nullable Revocation end, SessionClaims token) {
        return end != null && token.issuedAt().isBefore(end.notBefore());
    }

    /**
     * For a token issued in the same second, or by a request that was in progress, the time of the user's sign-in decides, if the
     * token has {@code auth_time}.
     */
    private static boolean isBefore(@Nullable Revocation end, SessionClaims token) {
        if (end == null) {
            return false;
        }
        Instant authenticatedAt = token.authenticatedAt();
        return isIssuedBefore(end, token)
                || (authenticatedAt != null
                        && authenticatedAt.isBefore(end.notBefore())
                        && token.issuedAt().isBefore(end.notBefore().plus(IN_FLIGHT)));
    }

    /**
     * Adds a revocation.
     *
     * @return false if a known revocation already includes it
     */
    synchronized boolean add(Revocation end) {
        Revocation known = known(end);
        if (known != null && known.includes(end)) {
            return false;
        }
        Revocation now = known == null ? end : known.mergedWith(end);
        map(end.kind()).put(end.subject(), now);
        return true;
    }

    /** Returns whether the limit is reached. */
    boolean isFull() {
        return ends.values().stream().mapToInt(Map::size).sum() >= maxEntries;
    }

    /** Replaces all revocations with one of all tokens. */
    synchronized void replaceAllWith(Revocation everything) {
        log.warn("The limit of {} revocations is reached: all tokens issued until now are refused", maxEntries);
        add(everything);
        ends.forEach((kind, held) -> {
            if (kind != Kind.REALM) {
                held.clear();
            }
        });
    }

    /** Returns the revocations that affect all sessions of a user. */
    List<Revocation> endsOfUser(String userId) {
        return Stream.of(end(Kind.USER, userId), end(Kind.REALM, EVERYBODY))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Removes expired revocations. */
    synchronized void removeExpired(Instant now) {
        ends.values()
                .forEach(held -> held.values().removeIf(end -> !end.expiresAt().isAfter(now)));
    }

    int size(Kind kind) {
        return map(kind).size();
    }

    private @Nullable Revocation known(Revocation end) {
        return map(end.kind()).get(end.subject());
    }

    private @Nullable Revocation end(Kind kind, @Nullable String subject) {
        return subject == null ? null : map(kind).get(subject);
    }

    private @Nullable Revocation end(Kind kind, @Nullable String id, @Nullable String clientId) {
        Map<String, Revocation> held = map(kind);
        return id == null || clientId == null || held.isEmpty()
                ? null
                : held.get(Revocation.compositeSubject(id, clientId));
    }

    private Map<String, Revocation> map(Kind kind) {
        return Objects.requireNonNull(ends.get(kind));
    }
}
