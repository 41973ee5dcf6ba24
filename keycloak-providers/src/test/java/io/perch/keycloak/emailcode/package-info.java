/** Tests of e-mail codes: unit tests, and tests with a running server. */
@NullMarked
package io.perch.keycloak.emailcode;

import org.jspecify.annotations.NullMarked;
