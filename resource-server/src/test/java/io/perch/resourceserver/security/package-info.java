/** Tests of what refuses the tokens of ended sessions, piece by piece. */
@NullMarked
package io.perch.resourceserver.security;

import org.jspecify.annotations.NullMarked;
