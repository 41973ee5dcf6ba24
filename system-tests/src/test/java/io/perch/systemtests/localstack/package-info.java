/**
 * The local stack as its user meets it: how it starts, refuses, stops, fails and starts again. Each test runs
 * launchers of its own through {@link io.perch.systemtests.LocalStackProcess}; the system that the other tests
 * share is left alone.
 */
@NullMarked
package io.perch.systemtests.localstack;

import org.jspecify.annotations.NullMarked;
