/**
 * The pipeline: Kafka in and out, and running logins.
 *
 * <p>When a task was stored, it is published to Kafka: its ids only, keyed by account. Every instance listens. A listener
 * does no login: it claims the task in the database, hands it to a bounded executor, and acknowledges the record; a record
 * whose task cannot be claimed (a duplicate, or somebody was faster) is dropped. The executor opens the credentials, asks
 * the {@link io.perch.resourceserver.twitter.TwitterLogin} port, and writes the outcome. Kafka only wakes and
 * distributes: what it loses, the sweeper finds in the database and publishes again. Records that cannot be read go to
 * the dead-letter topic.
 *
 * <p>May use: {@code task}, {@code account}, {@code twitter}, {@code crypto} (its exception).
 */
@NullMarked
package io.perch.resourceserver.pipeline;

import org.jspecify.annotations.NullMarked;
