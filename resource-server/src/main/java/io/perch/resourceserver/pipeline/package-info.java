/**
 * The pipeline: Kafka records in and out, claims, and running logins.
 *
 * <p>A task that can be claimed is published to Kafka: its ids only, keyed by account. A batch of records is one claim. A claim
 * takes as many tasks as there is room for; the others stay due in the database. One loop polls due tasks, which repairs a lost
 * record and a dead instance. A login asks the {@link io.perch.resourceserver.twitter.TwitterLogin} port. Results are written in
 * groups. Leases are renewed on a thread of their own, and a login whose lease is nearly over is interrupted. Records that cannot
 * be read go to the dead-letter topic. Changes of tasks are published to every instance.
 *
 * <p>May use: {@code task}, {@code account}, {@code twitter}, {@code crypto} (its exception), {@code mongo}.
 */
@NullMarked
package io.perch.resourceserver.pipeline;

import org.jspecify.annotations.NullMarked;
