/**
 * Runs the realm's own flows for clients that have no browser: one step of the flow for each request.
 *
 * <p>Purpose: pages and clients without a browser go through the same flow, with the same authenticators, required actions, brute-force
 * protection and events. {@link io.perch.keycloak.headless.HeadlessFlow} starts a flow and gives it what the user has entered. In place
 * of a page it answers a {@link io.perch.keycloak.headless.FlowAnswer}:
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>answer</th><th>the flow</th><th>next</th></tr>
 * <tr><td>{@code Challenge}</td><td>waits for one step, under a new {@code auth_session}</td><td>feed, until it expires</td></tr>
 * <tr><td>{@code Done}</td><td>has ended; the user session exists</td><td>the code is redeemed at the token endpoint</td></tr>
 * <tr><td>{@code PasswordChanged}</td><td>has ended; nobody is signed in, and all sessions of the user have ended</td><td>start</td></tr>
 * <tr><td>{@code Refused}</td><td>has ended, or was not found, or the step was not complete and it still waits</td><td>start</td></tr>
 * <tr><td>{@code Web}</td><td>has ended: something in it needs a browser</td><td>the client opens one</td></tr>
 * </table>
 *
 * <p>Between requests the state is Keycloak's authentication session. {@link io.perch.keycloak.headless.FlowHandles}
 * finds it by a random value that works once, for one client and one key. {@link io.perch.keycloak.headless.Steps}
 * names the authenticators and required actions that work without a browser. Other extensions describe more of them
 * ({@code steps}), which {@link io.perch.keycloak.headless.ForeignSteps} checks when the server starts. Every other one
 * answers {@code Web}: nothing is guessed.
 *
 * <p>Most of what this takes is internal to Keycloak. Each internal class has one adapter here, and {@code ArchitectureTest} keeps it so. It may
 * use Keycloak's services, SPIs and Jakarta REST, and of the other features the requests, the sessions, the
 * described steps and the unique keys.
 */
@NullMarked
package io.perch.keycloak.headless;

import org.jspecify.annotations.NullMarked;
