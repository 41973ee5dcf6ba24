/** Tests of the events of users. */
@NullMarked
package io.perch.resourceserver.events;

import org.jspecify.annotations.NullMarked;
