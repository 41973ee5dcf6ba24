/**
 * The users of the realm, as far as this server knows them: a projection of Keycloak's events into the collection
 * {@code users}, and the end of users who are deleted there.
 *
 * <p>An event that carries a user's state is applied only where its {@code sequence} is higher than the one applied last, by
 * one conditional update, so that duplicates and events out of order change nothing; {@code last_login} only moves forward.
 * The projection can be dropped and built again from snapshots (Keycloak's resync).
 *
 * <p>A deleted user leaves a tombstone: the id, and no personal data. It is written first, so that no earlier event restores the
 * user. Then everything of the user is destroyed. A task that is stored afterwards is destroyed by its claim, which looks for
 * tombstones. {@code erased_at} is noted when all is gone; until then any instance continues what another one left. Everything is
 * looked through again after a lease, and when no token of the user can be valid any more.
 *
 * <p>A user's state with a higher {@code sequence} than the deletion's means that Keycloak has a user with this id again, for example
 * after an import. This is a new user. What was made before is destroyed first. Then the state replaces the tombstone, in one
 * conditional update. The later searches destroy only what is older than the recreation. A deletion that is delivered again has a
 * lower {@code sequence} than the state, and changes nothing.
 *
 * <p>May use: {@code events}, {@code task}, {@code account}, {@code web}. Nobody calls it; it publishes an event about a user whose data are
 * destroyed by {@link io.perch.resourceserver.user.UserErased}.
 */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
