/** Tests of the phone number validator: unit tests, and tests with running servers. */
@NullMarked
package io.perch.keycloak.profile;

import org.jspecify.annotations.NullMarked;
