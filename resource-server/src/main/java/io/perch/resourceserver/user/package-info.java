/**
 * The users of the realm, as far as this server knows them: a projection of Keycloak's events into the collection
 * {@code users}, and the end of users who are deleted there.
 *
 * <p>An event that carries a user's state is applied only where its {@code sequence} is higher than the one applied last, by
 * one conditional update, so that duplicates and events out of order change nothing; {@code last_login} only moves forward.
 * The projection can be dropped and built again from snapshots (Keycloak's resync).
 *
 * <p>A deleted user leaves a tombstone: the id, which Keycloak never gives out again, and no personal data. It is written
 * first, so that no later event revives the user, and so that a task which is stored from then on finds it: the task goes
 * again before anybody hears of it. What was stored earlier is destroyed after the tombstone is there. {@code erased_at}
 * is noted when all of it is gone, until when any instance takes the work up again that another one left; and when no token
 * of the user can be valid any more, everything is looked through once again, for what an instance may have left that died
 * between storing a task and looking for the tombstone.
 *
 * <p>May use: {@code events}, {@code task}, {@code account}, {@code web}. Nobody calls it; it tells of a user whose data are
 * destroyed by {@link io.perch.resourceserver.user.UserErased}.
 */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
