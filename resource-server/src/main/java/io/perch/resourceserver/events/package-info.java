/**
 * Reads Keycloak's user events from the topic {@code user-events}.
 *
 * <p>The Keycloak extension writes CloudEvents 1.0 (JSON, structured mode) with the user as the key, so a partition contains a
 * user's events in order. Duplicates have the same {@code id}. Required members are validated strictly. Unknown fields are
 * ignored, and an unknown type is {@link io.perch.resourceserver.events.UserEventType#OTHER}. A consumer declares a listener on
 * the topic with {@link io.perch.resourceserver.events.UserEvents#LISTENERS} and a parameter of type {@link
 * io.perch.resourceserver.events.UserEvent}, in its own consumer group. Events of other realms are filtered out. An unreadable
 * record goes to the dead-letter topic once and blocks nothing. While the database is unavailable, a listener waits.
 *
 * <p>A consumer that needs all events on every instance, and the recent ones again at each start, uses {@link
 * io.perch.resourceserver.events.UserEventLog} instead.
 *
 * <p>Spring Boot's JSON mapper parses the envelope. The CloudEvents SDK would add Jackson 2 with its own settings, for an
 * envelope of eight attributes.
 *
 * <p>May use: {@code kafka}. {@code user}, {@code security} and {@code audit} use it.
 */
@NullMarked
package io.perch.resourceserver.events;

import org.jspecify.annotations.NullMarked;
