/** Tests of the password policy: unit tests, and tests with a running server. */
@NullMarked
package io.perch.keycloak.password;

import org.jspecify.annotations.NullMarked;
