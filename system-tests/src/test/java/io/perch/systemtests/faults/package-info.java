/**
 * What becomes of accepted logins when something breaks: the fault matrix.
 *
 * <p>Every row of {@link io.perch.systemtests.faults.FaultMatrixIT} has a system of its own
 * ({@link io.perch.systemtests.faults.FragileSystem}): two resource servers and a Kafka broker as processes that signals
 * reach, a Redis, and a MongoDB behind proxies that freeze and cut connections. Clients
 * ({@link io.perch.systemtests.faults.Clients}) submit before, during and after the {@link io.perch.systemtests.faults.Fault},
 * which strikes when at least 500 accepted logins are not final; and in the end
 * {@link io.perch.systemtests.faults.Verdict} holds what the database has against what the clients were told. Nothing here
 * uses a class of the other modules, nor Keycloak, which is not the subject: tokens come from
 * {@link io.perch.systemtests.faults.TokenIssuer}.
 */
@NullMarked
package io.perch.systemtests.faults;

import org.jspecify.annotations.NullMarked;
