package io.perch.resourceserver.security;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * Tokens that are no longer accepted: one token, or the tokens of a session, user, client or realm that were issued before a
 * time. The ID depends only on the kind and the subject, so a repeated revocation is the same document.
 *
 * @param id kind and subject
 * @param kind the type of the subject
 * @param subject the IDs for the kind, separated by a blank; empty for the realm
 * @param userId the user of the tokens; null if all users are affected or the user is unknown
 * @param notBefore tokens issued earlier are refused; in whole seconds, like {@code iat}
 * @param at when the session or token ended, by Keycloak's clock
 * @param expiresAt when all these tokens have expired
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

    /** Which tokens are revoked. */
    enum Kind {
        /** One access token. */
        TOKEN,
        /** The tokens of a session. */
        SESSION,
        /** The tokens of one client in a session. */
        CLIENT_SESSION,
        /** The tokens of one client for a user. */
        USER_CLIENT,
        /** The tokens of a user. */
        USER,
        /** The tokens of a client, for all users. */
        CLIENT,
        /** All tokens. */
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

    /** The tokens of a client in a session that were issued before a time. */
    static Revocation ofClientSession(
            String sessionId,
            String clientId,
            @Nullable String userId,
            Instant notBefore,
            Instant at,
            Duration remembered) {
        return of(
                Kind.CLIENT_SESSION, compositeSubject(sessionId, clientId), userId, notBefore, at, at.plus(remembered));
    }

    /** The tokens of a client for a user that were issued before a time. */
    static Revocation ofUserClient(String userId, String clientId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.USER_CLIENT, compositeSubject(userId, clientId), userId, notBefore, at, at.plus(remembered));
    }

    /** The tokens of a client, for all users, that were issued before a time. */
    static Revocation ofClient(String clientId, Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.CLIENT, clientId, null, notBefore, at, at.plus(remembered));
    }

    /** Returns the subject for two IDs. The first must not contain a blank. */
    static String compositeSubject(String id, String clientId) {
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

    /** All tokens of the realm that were issued before a time. */
    static Revocation ofRealm(Instant notBefore, Instant at, Duration remembered) {
        return of(Kind.REALM, "", null, notBefore, at, at.plus(remembered));
    }

    /**
     * Returns the next whole second. Tokens with this or a later {@code iat} were issued after the given moment, because {@code
     * iat} is in whole seconds.
     */
    static Instant after(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    private static Revocation of(
            Kind kind, String subject, @Nullable String userId, Instant notBefore, Instant at, Instant expiresAt) {
        return new Revocation(kind.wireName() + ':' + subject, kind, subject, userId, notBefore, at, expiresAt);
    }

    /** Returns whether this revocation includes the other one. Both have the same subject. */
    boolean includes(Revocation other) {
        return !notBefore.isBefore(other.notBefore) && !expiresAt.isBefore(other.expiresAt);
    }

    /** Merges two revocations of the same subject: the later time of each field. */
    Revocation mergedWith(Revocation other) {
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
