/**
 * The pipeline: Kafka in and out, and running logins.
 *
 * <p>When a task wants to be run, it is published to Kafka: its ids only, keyed by account. Every instance listens. A
 * listener does no login: it claims the task in the database, hands it to the logins that this instance runs, and
 * acknowledges the record; a record whose task cannot be claimed (a duplicate, or somebody was faster) is dropped. When
 * enough logins run, the partitions pause. A login opens the credentials, asks the
 * {@link io.perch.resourceserver.twitter.TwitterLogin} port, and what that says decides what becomes of the task; its
 * lease is renewed meanwhile, and a login that lost its task is interrupted. Kafka only wakes and distributes: what it
 * loses, the sweeper finds in the database and publishes again. Records that cannot be read go to the dead-letter topic.
 * What became of a task is told to every instance.
 *
 * <p>May use: {@code task}, {@code account}, {@code twitter}, {@code crypto} (its exception).
 */
@NullMarked
package io.perch.resourceserver.pipeline;

import org.jspecify.annotations.NullMarked;
