/**
 * The system in containers, as {@code docker-compose.yml} runs it. The tests use it as its clients do, and restart its containers.
 * They run with the profile {@code containers} only, which {@code .ci/containers} uses.
 */
@NullMarked
package io.perch.systemtests.containers;

import org.jspecify.annotations.NullMarked;
