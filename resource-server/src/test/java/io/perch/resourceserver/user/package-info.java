/** Tests of the projection's own rules. */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
