/** Tests of {@code outbox}: real servers of Keycloak and Kafka. */
@NullMarked
package io.perch.keycloak.outbox;

import org.jspecify.annotations.NullMarked;
