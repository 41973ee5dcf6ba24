/**
 * What happens to users, told to Kafka: none lost, in order for each user.
 *
 * <p>{@link io.perch.keycloak.outbox.UserEventsListener} notes what Keycloak's events say. Just before the transaction that
 * they belong to commits, {@link io.perch.keycloak.outbox.NotedEvents} writes them as rows into that same transaction: a
 * commit without its row, or a row without its commit, cannot be. The {@link io.perch.keycloak.outbox.Relay} of one node at a
 * time brings the rows to Kafka and then removes them; a request never waits for it. The contract of what arrives there is
 * {@code docs/user-events.md}.
 *
 * <p>What ends sessions and tokens without an event of Keycloak's own is read from what it says beside
 * ({@link io.perch.keycloak.outbox.EndedByUserEvent}) and from its models ({@link io.perch.keycloak.outbox.EndedByModel}). What a
 * transaction comes to in the end, {@link io.perch.keycloak.outbox.SettledEvents} says; who acted, {@link
 * io.perch.keycloak.outbox.Actors}.
 *
 * <p>The table is our own. Keycloak's {@code OUTBOX_ENTRY} (26.7) is for its experimental shared signals, without promise for
 * others: its entries have no order, its drainer holds row locks while it delivers, and what is behind it may change with any
 * patch; see {@code docs/decisions/}.
 *
 * <p>It may use Keycloak's SPIs and its JPA, JSON, metrics, traces and health, what {@code legacy} says of its imports, and alone here
 * the Kafka client.
 */
@NullMarked
package io.perch.keycloak.outbox;

import org.jspecify.annotations.NullMarked;
