/** Tests of the package's own rules. */
@NullMarked
package io.perch.resourceserver.task;

import org.jspecify.annotations.NullMarked;
