/**
 * Limits on how often one user may do a thing.
 *
 * <p>Token buckets: on Redis, so that all instances count together, or in memory (Bucket4j) where no Redis is
 * configured. When Redis is unavailable each instance counts for itself until it is back: a limit that is a little loose is
 * better than a service that is down. Answers have what is left in the fields of draft-ietf-httpapi-ratelimit-headers.
 *
 * <p>May use: {@code redis}, {@code web}.
 */
@NullMarked
package io.perch.resourceserver.ratelimit;

import org.jspecify.annotations.NullMarked;
