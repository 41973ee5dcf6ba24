/**
 * The Redis that all instances share, if one is configured.
 *
 * <p>All features use one connection. A feature passes one command, and a fallback for the time while Redis is unavailable, so no
 * feature fails if Redis does. During that time one request per second checks whether Redis is available again, and no other
 * request waits for it.
 *
 * <p>{@code ratelimit} and {@code security} use it. It uses no other package.
 */
@NullMarked
package io.perch.resourceserver.redis;

import org.jspecify.annotations.NullMarked;
