/** Tests of old hashes: with the test vectors of other libraries, and by sign-ins to a server that they were imported to. */
@NullMarked
package io.perch.keycloak.bcrypt;

import org.jspecify.annotations.NullMarked;
