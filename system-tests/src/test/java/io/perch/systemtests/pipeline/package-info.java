/**
 * The whole way over HTTP: a token from Keycloak, a login submitted, its task watched to the end; what is refused on that
 * way; and what must not be found anywhere after it.
 */
@NullMarked
package io.perch.systemtests.pipeline;

import org.jspecify.annotations.NullMarked;
