/** What the hashes promise. */
@NullMarked
package io.perch.keycloak.budget;

import org.jspecify.annotations.NullMarked;
