/**
 * Holds {@code docker-compose.yml} against the project.
 *
 * <p>Where no Docker engine is at hand the file cannot be run, and a file that nobody runs drifts: a
 * variable is renamed in the application, a folder moves, a pin is left behind. So these tests read it as
 * text and compare it with what it speaks of: the application's configuration, the realm, the Dockerfiles,
 * {@code .env.example}. They need no running system. Where {@code docker-compose} (or {@code docker
 * compose}) is on the path, it must read the file too.
 */
@NullMarked
package io.perch.systemtests.compose;

import org.jspecify.annotations.NullMarked;
