/**
 * The web console: the pages of Perch, and the backend for frontend that signs in for them (RFC 10017).
 *
 * <p>{@code signin} signs in at Keycloak and ends the sessions that end there. {@code session} keeps the tokens, which never leave
 * this server, and refreshes them. {@code forward} calls the APIs with the user's token, by a list of methods and paths.
 * {@code page} serves the static pages. {@code store} has what outlives a request, in memory or in Redis; {@code web} has what every
 * answer needs. {@code ArchitectureTest} keeps these walls.
 */
@NullMarked
package io.perch.console;

import org.jspecify.annotations.NullMarked;
