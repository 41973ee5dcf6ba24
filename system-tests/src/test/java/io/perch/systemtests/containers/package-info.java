/**
 * The system in containers, started with {@code docker-compose.yml}. The tests call it as clients do, and restart its
 * containers. They run only with the profile {@code containers}, which {@code .ci/containers} uses.
 */
@NullMarked
package io.perch.systemtests.containers;

import org.jspecify.annotations.NullMarked;
