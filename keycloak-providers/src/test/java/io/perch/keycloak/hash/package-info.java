/** What the hashes promise. */
@NullMarked
package io.perch.keycloak.hash;

import org.jspecify.annotations.NullMarked;
