/**
 * Ends sessions of users as a logout does, with the events that tell other systems.
 *
 * <p>It may use Keycloak's SPIs and its {@code AuthenticationManager}, and nothing of the other features.
 */
@NullMarked
package io.perch.keycloak.session;

import org.jspecify.annotations.NullMarked;
