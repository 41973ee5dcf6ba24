/** Tests of user events. */
@NullMarked
package io.perch.resourceserver.events;

import org.jspecify.annotations.NullMarked;
