/** Unit tests of the tasks. */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
