/** Tests of the event streams' parts. */
@NullMarked
package io.perch.resourceserver.live;

import org.jspecify.annotations.NullMarked;
