/**
 * The whole of Perch on one machine, without Docker: the embedded default.
 *
 * <p>{@link io.perch.localstack.Main} reads {@link io.perch.localstack.Arguments} and
 * {@link io.perch.localstack.Ports}, takes the {@link io.perch.localstack.DataDirectory} for itself, ends what a
 * killed launcher left there ({@link io.perch.localstack.PidFile}), and hands the components to the
 * {@link io.perch.localstack.Stack}. The stack starts them side by side, each after those that it needs, watches
 * them, and stops them in reverse order: when the user asks, or as soon as one fails. A
 * {@link io.perch.localstack.Component} is one server. Kafka, MongoDB and the mail sink run in this JVM and end
 * with it; Keycloak, Redis, the resource server and the web console are child processes, each with a log file and a pid file. At
 * the end the {@link io.perch.localstack.Summary} lists all addresses.
 *
 * <p>Everything binds loopback and keeps its data below the data directory. The room uses the servers' own
 * libraries and nothing of the other modules: it runs their finished files (see
 * {@link io.perch.localstack.Installation}), so that what starts here is what is shipped.
 */
@NullMarked
package io.perch.localstack;

import org.jspecify.annotations.NullMarked;
