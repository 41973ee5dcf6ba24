/** The Redis server of unit tests. */
@NullMarked
package io.perch.resourceserver.redis;

import org.jspecify.annotations.NullMarked;
