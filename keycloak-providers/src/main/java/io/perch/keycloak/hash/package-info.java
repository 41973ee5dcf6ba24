/**
 * Hashes of several values, for rows that must not contain these values.
 *
 * <p>The features with tables in Keycloak's database use it. The package may use the JDK only.
 */
@NullMarked
package io.perch.keycloak.hash;

import org.jspecify.annotations.NullMarked;
