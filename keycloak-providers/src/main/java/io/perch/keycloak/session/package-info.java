/**
 * Ends sessions of users as a logout does, with the same events.
 *
 * <p>The package may use Keycloak's SPIs and its {@code AuthenticationManager}, and no other feature.
 */
@NullMarked
package io.perch.keycloak.session;

import org.jspecify.annotations.NullMarked;
