/** Tests of the running server: real HTTP, a real broker, a MongoDB wire-protocol server, and real JWTs. */
@NullMarked
package io.perch.resourceserver;

import org.jspecify.annotations.NullMarked;
