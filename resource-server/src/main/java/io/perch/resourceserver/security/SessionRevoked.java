package io.perch.resourceserver.security;

import org.jspecify.annotations.Nullable;

/**
 * An application event: sessions ended. Listeners should check with {@link RevokedTokens} whether their tokens are still
 * accepted. It is published on every instance, on the thread that reads the events, so listeners must be fast. It is not
 * published for sessions that ended before this instance started.
 *
 * @param userId the user whose sessions ended; null if any user's may have ended
 */
public record SessionRevoked(@Nullable String userId) {}
