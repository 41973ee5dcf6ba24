/**
 * The MongoDB server of the local stack: mongo-java-server's wire protocol and query language with a new storage.
 *
 * <p>mongo-java-server has a storage on H2's {@code MVStore}. For most queries it reads the whole collection, and it
 * stores Java-serialized documents. This package replaces that storage. It stores BSON, finds documents by {@code _id}
 * first, and keeps indexes in order. {@link io.perch.localstack.mongo.EmbeddedMongo} is the only entry point.
 *
 * <p>A query uses {@code _id} ({@link io.perch.localstack.mongo.IdLookup}), or an index ({@link
 * io.perch.localstack.mongo.IndexScan}), or a scan. Each of them only finds candidates. Then the matcher of
 * mongo-java-server checks each candidate against the whole query. So an index may find too many documents, but the
 * result is correct.
 */
@NullMarked
package io.perch.localstack.mongo;

import org.jspecify.annotations.NullMarked;
