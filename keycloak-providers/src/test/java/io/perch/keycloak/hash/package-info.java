/** Tests of the hashes. */
@NullMarked
package io.perch.keycloak.hash;

import org.jspecify.annotations.NullMarked;
