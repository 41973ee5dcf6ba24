/**
 * Who may call: access tokens from Keycloak, and the roles in them.
 *
 * <p>A request's bearer token is verified here, with no call to Keycloak: signature (RS256, by a key of the realm's JWK
 * Set), issuer, audience, type ({@code at+jwt}, RFC 9068) and life. The keys are cached, refreshed ahead of time, and
 * kept while Keycloak is away. Realm roles become {@code ROLE_} authorities, scopes {@code SCOPE_} authorities. A
 * refusal is a problem (RFC 9457) with the {@code WWW-Authenticate} of RFC 6750.
 *
 * <p>May use: {@code web}.
 */
@NullMarked
package io.perch.resourceserver.security;

import org.jspecify.annotations.NullMarked;
