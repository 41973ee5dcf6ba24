/** Forwards listed calls to the resource server and to the auth API. */
@NullMarked
package io.perch.console.forward;

import org.jspecify.annotations.NullMarked;
