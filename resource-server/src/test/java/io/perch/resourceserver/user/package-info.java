/** Unit tests of the projection of users. */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
