/**
 * Common MongoDB support: clients with timeouts, the database's time, and indexes that are created while the server runs.
 *
 * <p>Every operation has a timeout ({@code perch.mongo.timeout}), which includes the wait for a connection. Lease renewal has its
 * own client, so a full connection pool cannot delay it. Writes wait for a majority of the replica set; this is set in code and
 * not in the URI.
 *
 * <p>Each collection has one owner, an {@link io.perch.resourceserver.mongo.IndexedCollection}, which declares all indexes that
 * its queries need. They are created on a separate thread after the start. Components wait only for an index that they cannot
 * work without (the unique index for claims).
 *
 * <p>May use: no other package.
 */
@NullMarked
package io.perch.resourceserver.mongo;

import org.jspecify.annotations.NullMarked;
