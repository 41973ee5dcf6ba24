/**
 * Compares {@code kubernetes/} with the project: its variables, ports, health endpoints, metrics and users. These tests read the files as
 * text and need no cluster and no tool. {@code .ci/kubernetes} checks the files on an API server.
 */
@NullMarked
package io.perch.systemtests.kubernetes;

import org.jspecify.annotations.NullMarked;
