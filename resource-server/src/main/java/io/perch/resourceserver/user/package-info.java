/**
 * The users of the realm: a projection of Keycloak's events into the collection {@code users}, and the erasure of deleted users.
 *
 * <p>A state is stored only if the event's {@code sequence} is higher than the stored one, by one conditional update. So
 * duplicates and events out of order have no effect. {@code last_login} only increases. The projection can be dropped and rebuilt
 * from snapshots (Keycloak's resync).
 *
 * <p>A deleted user is replaced by a tombstone: the ID and no personal data. It is stored first, so that no earlier event
 * restores the user. Then all data of the user is destroyed. A task that is stored later is destroyed when it is claimed, because
 * a claim checks for tombstones. {@code erased_at} is set when all data is destroyed. Until then, any instance continues the
 * erasure. Remaining data is searched for again when leases have expired, and when no token of the user can be valid any more.
 *
 * <p>A state with a higher {@code sequence} than the deletion means that Keycloak has a user with this ID again, for example
 * after an import. This is a new user. Earlier data is destroyed first. Then the state replaces the tombstone, by one conditional
 * update. Later searches destroy only data from before the recreation. A repeated deletion event has a lower {@code sequence}
 * than the state, and has no effect.
 *
 * <p>May use: {@code events}, {@code task}, {@code account}, {@code mongo}, {@code web}. When a user's data is destroyed, it
 * publishes {@link io.perch.resourceserver.user.UserErased}.
 */
@NullMarked
package io.perch.resourceserver.user;

import org.jspecify.annotations.NullMarked;
