/**
 * Black-box tests of the running system, and the code that starts it.
 *
 * <p>A test class has the annotation {@link io.perch.systemtests.PerchSystemTest}. Its constructor or its methods have
 * a {@link io.perch.systemtests.PerchSystem} parameter. This is a real system: the local stack, started once for the
 * test JVM, or a running one if {@code PERCH_API_URL} and {@code PERCH_KEYCLOAK_URL} are set. Tests use only HTTP,
 * Kafka and MongoDB, and no class of the other modules, so they work with every deployment of Perch. Some tests need
 * more than a deployment offers, such as MongoDB's address or the files of the local stack. They are skipped if it is
 * not available.
 */
@NullMarked
package io.perch.systemtests;

import org.jspecify.annotations.NullMarked;
