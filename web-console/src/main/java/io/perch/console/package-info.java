/**
 * The web console: the pages of Perch and their backend for frontend, which signs in for them (RFC 10017).
 *
 * <p>{@code signin} signs users in at Keycloak and handles sign-out. {@code session} stores and refreshes the tokens,
 * which never reach the browser. {@code forward} calls the APIs with the user's token, from a list of methods and
 * paths. {@code page} serves the static pages. {@code store} keeps data between requests, in memory or in Redis.
 * {@code web} has code that all packages use. {@code ArchitectureTest} checks the dependencies between these packages.
 */
@NullMarked
package io.perch.console;

import org.jspecify.annotations.NullMarked;
