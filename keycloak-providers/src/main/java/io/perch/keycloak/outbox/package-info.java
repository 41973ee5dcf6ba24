/**
 * Publishes user events to Kafka. None is lost, and the events of each user are in order.
 *
 * <p>{@link io.perch.keycloak.outbox.UserEventsListener} reads Keycloak's events. Just before their transaction commits,
 * {@link io.perch.keycloak.outbox.TransactionEvents} writes them as rows into that same transaction. So a change and its row are
 * committed together, or neither is. The {@link io.perch.keycloak.outbox.Relay} of one node at a time sends the rows to Kafka and
 * then deletes them. A request never waits for it. {@code docs/user-events.md} is the contract with consumers.
 *
 * <p>Each realm may have a topic of its own. If it is not available, its rows wait in the table
 * ({@link io.perch.keycloak.outbox.WaitingRows}), and the rows of other realms are sent. {@link io.perch.keycloak.outbox.RowReader} finds
 * out whether a row may still be sent to the topic of its realm's name.
 *
 * <p>Keycloak ends some sessions and tokens without an event for it. These are read from its other events
 * ({@link io.perch.keycloak.outbox.TokenEndsByUserEvent}) and from the events of its models ({@link
 * io.perch.keycloak.outbox.TokenEndsByModel}). {@link io.perch.keycloak.outbox.CorrectedEvents} removes duplicates and corrects the
 * events of one transaction. {@link io.perch.keycloak.outbox.Actors} finds the author of an event.
 *
 * <p>The table is this package's own. Keycloak's {@code OUTBOX_ENTRY} (26.7) is for its experimental shared signals. Keycloak does
 * not promise it to extensions: its entries have no order, it holds row locks while it delivers, and any patch may change it. See
 * {@code docs/decisions/}.
 *
 * <p>The package may use Keycloak's SPIs, vault and configuration, JPA, JSON, metrics, traces and health, the import event of
 * {@code legacy}, and, as the only package, the Kafka client.
 */
@NullMarked
package io.perch.keycloak.outbox;

import org.jspecify.annotations.NullMarked;
