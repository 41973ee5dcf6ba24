/**
 * Hashes of several parts at once, for rows that must not tell what they are about.
 *
 * <p>The features that keep something in Keycloak's database share it. It may use the JDK only.
 */
@NullMarked
package io.perch.keycloak.hash;

import org.jspecify.annotations.NullMarked;
