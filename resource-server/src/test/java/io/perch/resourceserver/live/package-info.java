/** Unit tests of the event streams. */
@NullMarked
package io.perch.resourceserver.live;

import org.jspecify.annotations.NullMarked;
