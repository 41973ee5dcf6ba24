/**
 * The pipeline: Kafka records in and out, claims, and running logins.
 *
 * <p>A claimable task is published to Kafka, with its IDs only and the account as the key. A batch of records is one claim. A
 * claim takes as many tasks as there is capacity for; the others stay due in the database. One loop polls for due tasks, which
 * handles lost records and failed instances. A login calls the {@link io.perch.resourceserver.twitter.TwitterLogin} port. Results
 * are stored in groups. Leases are renewed on a separate thread, and a login whose lease is about to expire is interrupted.
 * Unreadable records are published to the dead-letter topic. Changes of tasks are published to all instances.
 *
 * <p>May use: {@code task}, {@code account}, {@code twitter}, {@code crypto} (its exception), {@code mongo}, {@code
 * kafka}.
 */
@NullMarked
package io.perch.resourceserver.pipeline;

import org.jspecify.annotations.NullMarked;
