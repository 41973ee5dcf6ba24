/**
 * Checks {@code docker-compose.yml} against the project.
 *
 * <p>Without a Docker engine the file cannot be run, and errors in it would not be found: a variable was renamed in the
 * application, a folder was moved, or a version was not updated. So these tests read it as text and compare it with the
 * application's configuration, the realm, the Dockerfiles and {@code .env.example}. They need no running system. If
 * {@code docker-compose} (or {@code docker compose}) is installed, it must also be able to read the file.
 */
@NullMarked
package io.perch.systemtests.compose;

import org.jspecify.annotations.NullMarked;
