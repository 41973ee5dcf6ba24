/** The auth API on a running server: every call with each of its answers, held against its OpenAPI document. */
@NullMarked
package io.perch.keycloak.authapi;

import org.jspecify.annotations.NullMarked;
