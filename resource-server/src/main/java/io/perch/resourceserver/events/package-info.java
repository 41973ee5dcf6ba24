/**
 * What happens to users in Keycloak, as it comes from the topic {@code user-events}.
 *
 * <p>Keycloak's side writes CloudEvents 1.0 (JSON, structured mode), keyed by user, so that a partition has a user's events
 * in their order; duplicates have the same {@code id}. Here they are read, strictly in what they must have and openly in
 * everything else: a field that is not known is skipped, and a type that is not known is
 * {@link io.perch.resourceserver.events.UserEventType#OTHER}. A consumer declares a listener on the topic
 * with {@link io.perch.resourceserver.events.UserEvents#LISTENERS} and a parameter of type
 * {@link io.perch.resourceserver.events.UserEvent}, in a consumer group of its own. Events of a realm that is not ours reach no
 * listener. A record that cannot be read goes to the dead-letter topic, once, and holds nobody up; while the database is unavailable,
 * a listener waits.
 *
 * <p>A consumer that needs all events on every instance, and the recent ones again at each start, follows the topic
 * by {@link io.perch.resourceserver.events.UserEventLog} instead.
 *
 * <p>The envelope is read by Boot's own JSON mapper. The CloudEvents SDK would bring its JSON format on another generation of
 * Jackson (2), with settings of its own, for an envelope of eight attributes.
 *
 * <p>May use: Kafka. {@code user}, {@code security} and {@code audit} use it.
 */
@NullMarked
package io.perch.resourceserver.events;

import org.jspecify.annotations.NullMarked;
