/**
 * Rate limits per user.
 *
 * <p>The token buckets are in Redis, so that all instances count together, or in memory (Bucket4j) if no Redis is configured.
 * While Redis is unavailable, each instance counts separately: a less exact limit is better than a service that is down.
 * Responses have the fields of draft-ietf-httpapi-ratelimit-headers.
 *
 * <p>May use: {@code redis}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.ratelimit;

import org.jspecify.annotations.NullMarked;
