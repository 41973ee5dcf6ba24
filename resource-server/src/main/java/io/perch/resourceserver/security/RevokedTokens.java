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
 * The tokens that are alive and count no more, in memory. Asking takes a look-up for each kind, however many there are. What is
 * held is bounded: when there is no room for another end, all of them give way to one that refuses every token issued until now;
 * clients then refresh theirs, which only those can whose sessions go on.
 */
public class RevokedTokens {

    private static final Logger log = LoggerFactory.getLogger(RevokedTokens.class);

    private static final String EVERYBODY = "";

    /** How long a request may take that was under way when sessions ended, and still gave a token. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private final int maxEntries;
    private final Map<Kind, Map<String, Revocation>> ends = new EnumMap<>(Kind.class);

    RevokedTokens(int maxEntries) {
        this.maxEntries = maxEntries;
        for (Kind kind : Kind.values()) {
            ends.put(kind, new ConcurrentHashMap<>());
        }
    }

    /** Returns whether a token counts no more, though its signature and its dates may be good. */
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
     * A token of the very second, or of a request that was under way, is judged by when its user signed in, if it has that claim.
     */
    private static boolean isBefore(@Nullable Revocation end, SessionClaims token) {
        if (end == null) {
            return false;
        }
        Instant authenticatedAt = token.authenticatedAt();
        return isIssuedBefore(end, token)
                || (authenticatedAt != null
                        && authenticatedAt.isBefore(end.notBefore())
                        && token.issuedAt().isBefore(end.notBefore().plus(UNDER_WAY)));
    }

    /**
     * Holds an end.
     *
     * @return whether it was news
     */
    synchronized boolean add(Revocation end) {
        Revocation known = known(end);
        if (known != null && known.covers(end)) {
            return false;
        }
        Revocation now = known == null ? end : known.and(end);
        map(end.kind()).put(end.subject(), now);
        return true;
    }

    /** Returns whether there is no room for more. */
    boolean isFull() {
        return ends.values().stream().mapToInt(Map::size).sum() >= maxEntries;
    }

    /** Makes room. */
    synchronized void giveWay(Revocation everything) {
        log.warn(
                "There is no room for the ends of more than {} sessions: all tokens issued until now are refused",
                maxEntries);
        add(everything);
        ends.forEach((kind, held) -> {
            if (kind != Kind.REALM) {
                held.clear();
            }
        });
    }

    /** Returns the ends that are of all sessions of a user. */
    List<Revocation> endsOfUser(String userId) {
        return Stream.of(end(Kind.USER, userId), end(Kind.REALM, EVERYBODY))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** Forgets what cannot matter any more. */
    synchronized void forget(Instant now) {
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
        return id == null || clientId == null || held.isEmpty() ? null : held.get(Revocation.both(id, clientId));
    }

    private Map<String, Revocation> map(Kind kind) {
        return Objects.requireNonNull(ends.get(kind));
    }
}
