/** Tests of the package's own rules. */
@NullMarked
package io.perch.resourceserver.ratelimit;

import org.jspecify.annotations.NullMarked;
