/**
 * The resource server: it validates Keycloak's access tokens and runs the Twitter-login pipeline.
 *
 * <p>Packages are by feature. Calls go in one direction: REST to {@code task}, {@code task} to {@code pipeline}, {@code pipeline}
 * to {@code twitter}; never back. {@code account}, {@code crypto}, {@code security}, {@code ratelimit} and {@code web} support
 * them. {@code events} consumes Keycloak's user events. From these, {@code user} keeps a copy of the users, {@code security}
 * refuses tokens of ended sessions, and {@code audit} records events and acts. {@code ArchitectureTest} checks these
 * dependencies.
 */
@NullMarked
package io.perch.resourceserver;

import org.jspecify.annotations.NullMarked;
