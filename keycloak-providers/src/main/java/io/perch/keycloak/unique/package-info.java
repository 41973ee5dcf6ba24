/**
 * Detects names and addresses that another request has taken in the same moment.
 *
 * <p>The package may use Keycloak's SPIs and its JPA connection, and no other feature.
 */
@NullMarked
package io.perch.keycloak.unique;

import org.jspecify.annotations.NullMarked;
