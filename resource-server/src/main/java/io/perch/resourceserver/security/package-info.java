/**
 * Authentication and authorization: access tokens from Keycloak, and the roles in them.
 *
 * <p>This server verifies a request's bearer token itself, without a call to Keycloak: signature (RS256, by a key of the realm's
 * JWK Set), issuer, audience, type ({@code at+jwt}, RFC 9068) and expiry. The signature of a token is verified once in five
 * minutes. All other checks are made for every request, including whether its key is still in the JWK Set. The keys are cached,
 * refreshed ahead of time, and kept while Keycloak is unavailable. Realm roles become {@code ROLE_} authorities, and scopes
 * become {@code SCOPE_} authorities. A refusal is a problem (RFC 9457) with the {@code WWW-Authenticate} of RFC 6750.
 *
 * <p>A token is refused if its session has ended, even if its signature is valid. {@link
 * io.perch.resourceserver.security.RevokedTokens} checks this in memory for every request. Every instance reads the user events
 * and derives revocations from them: of one token, a session (logged out or ended), a client, all sessions of a user (ended, or
 * the user was disabled or deleted), or all sessions of the realm. A revocation is kept as long as a token can be valid. A token
 * with a longer lifetime is refused, because it would be accepted again after that. At the start, an instance reads the events of
 * that time from Kafka and the revocations in the database. So it has all known revocations after a restart, even if Kafka is
 * unavailable. If neither can be read, no token is accepted (503) and the instance is not ready: otherwise it would accept tokens
 * of ended sessions, and without its database it could not serve requests anyway. If Kafka becomes unavailable later, the
 * instance continues to accept tokens, and its metrics show the outage. Tokens are short-lived; refusing every request because a
 * broker is unavailable would cost more than it protects.
 *
 * <p>Known limits: token times are whole seconds. When all sessions of a user end, Keycloak revokes by time. Tokens of the same
 * second are then distinguished by {@code auth_time} and by the sign-ins of that second. If an older session refreshed a token in
 * that second, and the token has no {@code auth_time}, it is accepted until it expires. A role that is removed from a user
 * remains in a token until the token expires.
 *
 * <p>A token may be bound to a key of its client (DPoP, RFC 9449). {@link io.perch.resourceserver.security.UsedProofs} accepts
 * each proof once, for all instances that share a Redis.
 *
 * <p>May use: {@code events}, {@code redis}, {@code web}. {@code live} uses it to check sessions.
 */
@NullMarked
package io.perch.resourceserver.security;

import org.jspecify.annotations.NullMarked;
