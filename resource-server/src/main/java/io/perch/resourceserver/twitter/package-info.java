/**
 * The other side: a port for logging in to X, and the simulator that ships.
 *
 * <p>{@link io.perch.resourceserver.twitter.TwitterLogin} takes credentials and answers with one typed outcome. The
 * simulator is all that ships: X's terms forbid automated password logins, and signing in with X for real is OAuth
 * through Keycloak. The port is for operators whose other side allows it; their bean replaces the simulator.
 *
 * <p>May use: nothing of the other packages.
 */
@NullMarked
package io.perch.resourceserver.twitter;

import org.jspecify.annotations.NullMarked;
