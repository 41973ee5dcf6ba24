/**
 * A port for logins to X, and a simulator.
 *
 * <p>{@link io.perch.resourceserver.twitter.TwitterLogin} receives credentials and returns one typed outcome. Only the simulator
 * is included: X's terms forbid automated password logins, and real sign-in with X is OAuth through Keycloak. Operators whose
 * service allows password logins provide a bean that replaces the simulator.
 *
 * <p>May use: no other package.
 */
@NullMarked
package io.perch.resourceserver.twitter;

import org.jspecify.annotations.NullMarked;
