/**
 * Imports users from an old service's database: the user federation {@code legacy-users}.
 *
 * <p>Keycloak calls {@link io.perch.keycloak.legacy.LegacyUsers} for a user that it does not have. {@link
 * io.perch.keycloak.legacy.LegacyDatabase} finds the row, and {@link io.perch.keycloak.legacy.Importer} makes it a user of Keycloak
 * at once, in a separate transaction. The user's id is computed from the row. The user has the profile, the roles and the old hash
 * as a credential, and no link to the federation. Everything after that is Keycloak's work, from the password check to brute-force
 * protection. The old database is not queried for this user again. {@link io.perch.keycloak.legacy.Synchronization} does the same
 * for all rows in chunks.
 *
 * <p>If an old database does not answer in time, the request ends with a special error ({@link
 * io.perch.keycloak.legacy.Unavailable}). An outage must not look like an unknown user.
 *
 * <p>Anybody can cause lookups. {@link io.perch.keycloak.legacy.IndexCheck} warns if each of them reads the whole table.
 *
 * <p>With {@link io.perch.keycloak.legacy.RefusalTimeEqualizer} the time of a refusal does not show who has an account.
 *
 * <p>A deleted user is not imported again ({@link io.perch.keycloak.legacy.DeletedUsers}), although the old row still exists.
 *
 * <p>The package may use Keycloak's users, user profile, components, vault, timer, metrics and JPA, the packages {@code bcrypt} and
 * {@code request}, and the JDBC drivers of the server. MongoDB's driver is packed with it.
 */
@NullMarked
package io.perch.keycloak.legacy;

import org.jspecify.annotations.NullMarked;
