/** Tests of the running server with real HTTP, a real broker, a server with MongoDB's wire protocol, and real JWTs. */
@NullMarked
package io.perch.resourceserver;

import org.jspecify.annotations.NullMarked;
