/**
 * What the realm promises, asserted over HTTP against the running Keycloak.
 *
 * <p>Tests are grouped by what a caller deals with: the authorization code, the grants, the access token,
 * the refresh token, client registration, the pages, the user profile, the server's own address. They use
 * plain HTTP, as any client would: {@code PerchRealm} speaks to the realm's endpoints, {@code Browser}
 * goes through its pages with cookies, {@code KeycloakAdmin} makes and deletes what a test needs. Demo
 * users are left alone: a test that guesses passwords would lock them out for everybody else.
 */
@NullMarked
package io.perch.systemtests.identity;

import org.jspecify.annotations.NullMarked;
