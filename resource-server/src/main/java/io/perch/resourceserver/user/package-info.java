/**
 * The users of the realm, as far as this server knows them: a projection of Keycloak's events.
 *
 * <p>May use: {@code events}, {@code task}, {@code account}, {@code web}. Nobody calls it; it tells of a user whose data are
 * destroyed by {@link io.perch.resourceserver.user.UserErased}.
 */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
