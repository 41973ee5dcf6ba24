/**
 * Tests of the realm over HTTP with the running Keycloak.
 *
 * <p>The test classes are grouped by topic: authorization code, grants, access token, refresh token, client
 * registration, pages, user profile, server address. They use plain HTTP, as any client: {@code PerchRealm} calls the
 * realm's endpoints, {@code Browser} opens pages with cookies, and {@code KeycloakAdmin} creates and deletes test data.
 * They do not use the demo users, because tests with wrong passwords would lock them.
 */
@NullMarked
package io.perch.systemtests.identity;

import org.jspecify.annotations.NullMarked;
