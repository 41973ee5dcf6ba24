/**
 * Brings users over from an old service's database: the user federation {@code legacy-users}.
 *
 * <p>Keycloak asks {@link io.perch.keycloak.legacy.LegacyUsers} for a user that it does not have. The row that {@link
 * io.perch.keycloak.legacy.LegacyDatabase} finds becomes a user of Keycloak's own at once, in a transaction of its own
 * and under an id that comes of the row ({@link io.perch.keycloak.legacy.Importer}): with profile, roles and the old hash
 * as a credential, without any link back. What follows, from the password check to brute-force protection, is Keycloak's,
 * and the old database is not asked for this user again. {@link io.perch.keycloak.legacy.Synchronization} does the same
 * for all rows in chunks.
 *
 * <p>An old database that does not answer in time ends the request with an error of its own ({@link
 * io.perch.keycloak.legacy.Unavailable}): nobody is told that they have no account because of an outage.
 *
 * <p>{@link io.perch.keycloak.legacy.SignInTimeEqualizer} keeps the time of an answer from telling who has an account.
 *
 * <p>Who is deleted stays deleted ({@link io.perch.keycloak.legacy.DeletedUsers}), though the old row is there still.
 *
 * <p>It may use Keycloak's users, user profile, components and JPA, {@code bcrypt}, and whatever JDBC drivers the server has;
 * MongoDB's driver comes along.
 */
@NullMarked
package io.perch.keycloak.legacy;

import org.jspecify.annotations.NullMarked;
