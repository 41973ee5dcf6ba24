/**
 * Black-box tests of the running system, and the harness that gives it to them.
 *
 * <p>A test class says {@link io.perch.systemtests.PerchSystemTest} and takes a
 * {@link io.perch.systemtests.PerchSystem} as a parameter of its constructor or its methods. What it gets
 * is a real system: the local stack, started once for the whole test JVM, or one that is already up where
 * {@code PERCH_API_URL} and {@code PERCH_KEYCLOAK_URL} name it. Tests use HTTP, Kafka and MongoDB only and no class of the
 * other modules, so that they are valid for every way of running Perch. A test that needs more than such a system offers
 * (MongoDB's address, the files of the local stack) is skipped.
 */
@NullMarked
package io.perch.systemtests;

import org.jspecify.annotations.NullMarked;
