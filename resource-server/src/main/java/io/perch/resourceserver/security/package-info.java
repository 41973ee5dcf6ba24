/**
 * Who may call: access tokens from Keycloak, and the roles in them.
 *
 * <p>A request's bearer token is verified here, with no call to Keycloak: signature (RS256, by a key of the realm's JWK
 * Set), issuer, audience, type ({@code at+jwt}, RFC 9068) and life. The signature is verified once in five minutes for a token that
 * comes again; all else, and that its key is still one of the realm's, for every request. The keys are cached, refreshed ahead of time, and
 * kept while Keycloak is unavailable. Realm roles become {@code ROLE_} authorities, scopes {@code SCOPE_} authorities. A
 * refusal is a problem (RFC 9457) with the {@code WWW-Authenticate} of RFC 6750.
 *
 * <p>A token whose session ended counts no more, though its signature does: {@link
 * io.perch.resourceserver.security.RevokedTokens} is asked for every request, in memory. What ended comes from the events of
 * users, which every instance reads for itself: a session (signed out, ended), all sessions of a user (ended, the user disabled
 * or deleted), or everybody's. An end is remembered as long as a token can live, and a token that lives longer than that is
 * refused, so that none comes back to life. A start reads what Kafka has of that time, and what the database has, so that a
 * restart knows what was known, even while Kafka is unavailable. If neither can be read, no token is accepted (503) and the instance is
 * not ready: who was signed out would otherwise be let in, and an instance that starts is of no use without its database anyway.
 * An instance that runs and loses Kafka goes on, for tokens are short-lived, and its metrics show it: refusing everybody
 * because a broker is unavailable would cost more than it protects.
 *
 * <p>What stays open: tokens are dated in whole seconds. When all sessions of a user end, as Keycloak does it, by a date, tokens
 * of that very second are distinguished by {@code auth_time} and by the sign-ins of that second. A token that an older session
 * refreshed in that second, and that has no {@code auth_time}, lives on until it expires. Roles that are taken away stay in a
 * token as long as it lives.
 *
 * <p>A token may be bound to a key of its client (DPoP, RFC 9449). Each proof of that is good once, for all instances where they share
 * a Redis: {@link io.perch.resourceserver.security.UsedProofs}.
 *
 * <p>May use: {@code events}, {@code redis}, {@code web}. {@code live} asks it about sessions.
 */
@NullMarked
package io.perch.resourceserver.security;

import org.jspecify.annotations.NullMarked;
