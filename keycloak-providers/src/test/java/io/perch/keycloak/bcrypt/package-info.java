/** Tests of the old hashes: against vectors that others made, and by sign-ins to a server that they were imported to. */
@NullMarked
package io.perch.keycloak.bcrypt;

import org.jspecify.annotations.NullMarked;
