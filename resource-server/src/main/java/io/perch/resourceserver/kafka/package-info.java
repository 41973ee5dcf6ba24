/**
 * What all consumers of Kafka share: how they move unreadable records to a dead-letter topic, and how they keep their offsets right.
 *
 * <p>May use: nothing. Used by: {@code pipeline}, {@code events}.
 */
@NullMarked
package io.perch.resourceserver.kafka;

import org.jspecify.annotations.NullMarked;
