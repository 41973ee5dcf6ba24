/**
 * The whole path over HTTP: a token from Keycloak, a submitted login, and its task until the end. Also which requests
 * are refused, and where no secret may be stored.
 */
@NullMarked
package io.perch.systemtests.pipeline;

import org.jspecify.annotations.NullMarked;
