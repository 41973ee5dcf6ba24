/** Tests of the auth API on a running server: every call with each of its answers, compared with the OpenAPI document. */
@NullMarked
package io.perch.keycloak.authapi;

import org.jspecify.annotations.NullMarked;
