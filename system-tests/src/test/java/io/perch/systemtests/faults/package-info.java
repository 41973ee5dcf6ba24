/**
 * The fault matrix: it tests that no accepted login is lost or run twice when something fails.
 *
 * <p>Every row of {@link io.perch.systemtests.faults.FaultMatrixIT} has its own system ({@link
 * io.perch.systemtests.faults.SystemUnderTest}): two resource servers and a Kafka broker as processes that can be
 * stopped and killed, a Redis, and a MongoDB behind proxies that freeze and close connections.
 * {@link io.perch.systemtests.faults.Clients} submit logins before, during and after the
 * {@link io.perch.systemtests.faults.Fault}. The fault begins when at least 500 accepted logins are not final. At the end
 * {@link io.perch.systemtests.faults.Verdict} compares the tasks in the database with the answers that the clients
 * received. This package uses no class of the other modules. It needs no Keycloak:
 * {@link io.perch.systemtests.faults.TokenIssuer} issues the tokens.
 */
@NullMarked
package io.perch.systemtests.faults;

import org.jspecify.annotations.NullMarked;
