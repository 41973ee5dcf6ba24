/**
 * The Redis that all instances share, where one is configured.
 *
 * <p>One connection serves every feature. A feature says what it asks, in one command, and what it does by itself while Redis is
 * unavailable: nothing here fails because Redis does. Meanwhile one request each second looks whether it is back, and no other
 * one waits for it.
 *
 * <p>{@code ratelimit} and {@code security} use it. It uses nothing.
 */
@NullMarked
package io.perch.resourceserver.redis;

import org.jspecify.annotations.NullMarked;
