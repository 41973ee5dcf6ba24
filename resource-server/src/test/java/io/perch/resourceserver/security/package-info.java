/** Unit tests of the code that refuses tokens of ended sessions. */
@NullMarked
package io.perch.resourceserver.security;

import org.jspecify.annotations.NullMarked;
