/** Unit tests of the simulator. */
@NullMarked
package io.perch.resourceserver.twitter;

import org.jspecify.annotations.NullMarked;
