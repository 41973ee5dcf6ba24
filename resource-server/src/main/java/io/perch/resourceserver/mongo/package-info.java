/**
 * What all packages need to talk to MongoDB: clients with bounded waiting, the database's time, and indexes that are made
 * beside the running server.
 *
 * <p>Every operation ends within a time ({@code perch.mongo.timeout}), which includes the wait for a connection. Lease renewal
 * has a client of its own, so that a full connection pool cannot delay it. Writes wait for a majority of the replica set, and
 * that is said in code, whatever the URI says.
 *
 * <p>Each collection has one owner, an {@link io.perch.resourceserver.mongo.IndexedCollection}, which declares all indexes that
 * its queries need. They are made on a thread of their own after the start. Only the index that a collection cannot work without
 * (a lock) is waited for, and only by those who need it.
 *
 * <p>May use: nothing of the other packages.
 */
@NullMarked
package io.perch.resourceserver.mongo;

import org.jspecify.annotations.NullMarked;
