/** Tests of the package's own rules. */
@NullMarked
package io.perch.resourceserver.twitter;

import org.jspecify.annotations.NullMarked;
