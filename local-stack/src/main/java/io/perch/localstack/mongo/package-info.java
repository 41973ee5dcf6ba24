/**
 * The local stack's MongoDB: mongo-java-server's wire protocol and query language over a storage of its own.
 *
 * <p>mongo-java-server comes with a storage on H2's {@code MVStore} that reads the whole collection for most
 * queries and stores Java-serialized documents. This package replaces that storage. It keeps BSON, looks
 * {@code _id} up first, and keeps declared indexes in order. {@link io.perch.localstack.mongo.EmbeddedMongo} is the
 * only entry.
 *
 * <p>A query takes one of three ways: by {@code _id} ({@link io.perch.localstack.mongo.IdLookup}), by an index
 * ({@link io.perch.localstack.mongo.IndexScan}), or a scan. Each way only finds candidates. The matcher of
 * mongo-java-server then checks each candidate against the whole query, so an index can be too wide but never wrong.
 */
@NullMarked
package io.perch.localstack.mongo;

import org.jspecify.annotations.NullMarked;
