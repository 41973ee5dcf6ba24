/** Unit tests of the rate limits. */
@NullMarked
package io.perch.resourceserver.ratelimit;

import org.jspecify.annotations.NullMarked;
