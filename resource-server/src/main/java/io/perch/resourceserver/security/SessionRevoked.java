package io.perch.resourceserver.security;

import org.jspecify.annotations.Nullable;

/**
 * Sessions ended: who holds on to a token should ask {@link RevokedTokens} whether it still counts. Published as an application
 * event, on every instance, on the thread that reads the events, so that who listens must be quick. What ended before this
 * instance started is not published.
 *
 * @param userId whose sessions; null where everybody's may be meant
 */
public record SessionRevoked(@Nullable String userId) {}
