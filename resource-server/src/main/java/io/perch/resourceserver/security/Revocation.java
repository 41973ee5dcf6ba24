package io.perch.resourceserver.security;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * Tokens that are not accepted any more: one, or those of a session, a user, a client or the realm that were issued before a time. The same
 * end twice is the same document.
 *
 * @param id kind and subject
 * @param kind what the subject is
 * @param subject the ids of what the kind names, with a blank between two; nothing for the realm
 * @param userId the user whose tokens they are; null where they are everybody's, or nobody said whose
 * @param notBefore tokens issued earlier are refused; in whole seconds, as tokens are dated
 * @param at when it happened, by Keycloak's clock
 * @param expiresAt when no such token can be alive any more
 */
@Document("revocations")
record Revocation(
        @Id String id,
        Kind kind,
        String subject,
        @Nullable String userId,
        Instant notBefore,
        Instant at,
        Instant expiresAt) {

    /** Whose tokens. */
    enum Kind {
        /** One access token. */
        TOKEN,
        /** A session's. */
        SESSION,
        /** What a client has of a session. */
        CLIENT_SESSION,
        /** What a client has of a user. */
        USER_CLIENT,
        /** A user's. */
        USER,
        /** A client's, whosever they are. */
        CLIENT,
        /** Everybody's. */
        REALM;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One access token. */
    static Revocation ofToken(String tokenId, @Nullable String userId, Instant at, Duration remembered) {
        Instant end = at.plus(remembered);
        return of(Kind.TOKEN, tokenId, userId, end, at, end);
    }

    /** What a client has of a session, if it was issued before a time. */
    static Revocation ofClientSession(
            String sessionId,
            String clientId,
            @Nullable String userId,
            Instant notBefore,
            Instant at,
            Duration remembered) {
        return of(Kind.CLIENT_SESSION, both(sessionId, clientId), userId, notBefore, at, at.plus(remembered));
    }

    /** What a client has of a user, if it was issued before a time. */
    static Revocation ofUserClient(String userId, String clientId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.USER_CLIENT, both(userId, clientId), userId, notBefore, at, at.plus(remembered));
    }

    /** What a client has of anybody, if it was issued before a time. */
    static Revocation ofClient(String clientId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.CLIENT, clientId, null, notBefore, at, at.plus(remembered));
    }

    /** Returns the subject of two ids, the first of which has no blank. */
    static String both(String id, String clientId) {
        return id + ' ' + clientId;
    }

    /** All tokens of a session. */
    static Revocation ofSession(String sessionId, @Nullable String userId, Instant at, Duration remembered) {
        Instant end = at.plus(remembered);
        return of(Kind.SESSION, sessionId, userId, end, at, end);
    }

    /** The tokens of a session that were issued before a time. */
    static Revocation ofSession(
            String sessionId, @Nullable String userId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.SESSION, sessionId, userId, notBefore, at, at.plus(remembered));
    }

    /** The tokens of a user that were issued before a time. */
    static Revocation ofUser(String userId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.USER, userId, userId, notBefore, at, at.plus(remembered));
    }

    /** Everybody's tokens that were issued before a time. */
    static Revocation ofRealm(Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.REALM, "", null, notBefore, at, at.plus(remembered));
    }

    /** The first moment whose tokens are certain to be issued after another moment, since tokens are dated in whole seconds. */
    static Instant after(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    private static Revocation of(
            Kind kind, String subject, @Nullable String userId, Instant notBefore, Instant at, Instant expiresAt) {
        return new Revocation(kind.wireName() + ':' + subject, kind, subject, userId, notBefore, at, expiresAt);
    }

    /** Returns whether there is nothing in another one that this one does not say. */
    boolean covers(Revocation other) {
        return !notBefore.isBefore(other.notBefore) && !expiresAt.isBefore(other.expiresAt);
    }

    /** Returns what both say of the same subject. */
    Revocation and(Revocation other) {
        return new Revocation(
                id,
                kind,
                subject,
                userId,
                later(notBefore, other.notBefore),
                later(at, other.at),
                later(expiresAt, other.expiresAt));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
