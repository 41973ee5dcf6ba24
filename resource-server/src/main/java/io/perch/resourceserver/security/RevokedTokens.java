package io.perch.resourceserver.security;

import io.perch.resourceserver.security.Revocation.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens that are alive and count no more, in memory. Asking takes two look-ups, however many there are. What is held is
 * bounded: when there is no room for another end, all of them give way to one that refuses every token issued until now;
 * clients then refresh theirs, which only those can whose sessions go on.
 */
public class RevokedTokens {

    private static final Logger log = LoggerFactory.getLogger(RevokedTokens.class);

    private final int maxEntries;
    private final Map<String, Revocation> sessions = new ConcurrentHashMap<>();
    private final Map<String, Revocation> users = new ConcurrentHashMap<>();
    private volatile @Nullable Revocation realm;

    RevokedTokens(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** Returns whether a token counts no more, though its signature and its dates may be good. */
    public boolean isRevoked(SessionClaims token) {
        String sessionId = token.sessionId();
        Revocation session = sessionId == null ? null : sessions.get(sessionId);
        return (session != null && token.issuedAt().isBefore(session.notBefore()))
                || isBefore(users.get(token.subject()), token)
                || isBefore(realm, token);
    }

    /** A token of the very second is judged by when its user signed in, where it tells that. */
    private static boolean isBefore(@Nullable Revocation end, SessionClaims token) {
        if (end == null) {
            return false;
        }
        Instant authenticatedAt = token.authenticatedAt();
        return token.issuedAt().isBefore(end.notBefore())
                || (token.issuedAt().equals(end.notBefore())
                        && authenticatedAt != null
                        && authenticatedAt.isBefore(end.notBefore()));
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
        if (end.kind() == Kind.REALM) {
            realm = now;
        } else {
            map(end.kind()).put(end.subject(), now);
        }
        return true;
    }

    /** Returns whether there is no room for more. */
    boolean isFull() {
        return sessions.size() + users.size() >= maxEntries;
    }

    /** Makes room. */
    synchronized void giveWay(Revocation everything) {
        log.warn(
                "There is no room for the ends of more than {} sessions: all tokens issued until now are refused",
                maxEntries);
        add(everything);
        sessions.clear();
        users.clear();
    }

    /** Returns the ends that are of all sessions of a user. */
    List<Revocation> endsOfUser(String userId) {
        List<Revocation> ends = new ArrayList<>();
        Revocation user = users.get(userId);
        if (user != null) {
            ends.add(user);
        }
        Revocation everybody = realm;
        if (everybody != null) {
            ends.add(everybody);
        }
        return ends;
    }

    /** Forgets what cannot matter any more. */
    synchronized void forget(Instant now) {
        sessions.values().removeIf(end -> !end.expiresAt().isAfter(now));
        users.values().removeIf(end -> !end.expiresAt().isAfter(now));
        Revocation everybody = realm;
        if (everybody != null && !everybody.expiresAt().isAfter(now)) {
            realm = null;
        }
    }

    int size(Kind kind) {
        return kind == Kind.REALM ? (realm == null ? 0 : 1) : map(kind).size();
    }

    private @Nullable Revocation known(Revocation end) {
        return end.kind() == Kind.REALM ? realm : map(end.kind()).get(end.subject());
    }

    private Map<String, Revocation> map(Kind kind) {
        return kind == Kind.SESSION ? sessions : users;
    }
}
