/**
 * All of Perch on one machine, without Docker.
 *
 * <p>{@link io.perch.localstack.Main} reads {@link io.perch.envfile.EnvFile}, {@link io.perch.localstack.Arguments} and
 * {@link io.perch.localstack.Ports}, locks the {@link io.perch.localstack.DataDirectory}, and stops processes that a killed
 * launcher has left ({@link io.perch.localstack.PidFile}). Then it gives the components to the
 * {@link io.perch.localstack.Stack}. The stack starts them in parallel, each after those that it needs. It stops them in
 * reverse order when the user stops it, or as soon as one fails. A {@link io.perch.localstack.Component} is one server.
 * Kafka, MongoDB and the mail sink run in this JVM. Keycloak, Redis, the resource server and the web console are child
 * processes, each with a log file and a pid file. After the start, the {@link io.perch.localstack.Summary} lists all
 * addresses.
 *
 * <p>All servers listen on loopback and keep their data in the data directory. This module depends on the servers' own
 * libraries and on no other module of Perch. It runs the jars of the other modules (see
 * {@link io.perch.localstack.Installation}), so it starts the same files that are released.
 */
@NullMarked
package io.perch.localstack;

import org.jspecify.annotations.NullMarked;
