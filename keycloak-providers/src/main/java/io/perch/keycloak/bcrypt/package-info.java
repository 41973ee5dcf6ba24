/**
 * Reads the old services' password hashes: bcrypt, and passlib's {@code bcrypt_sha256}.
 *
 * <p>The value of a credential with the algorithm {@code bcrypt} is the hash from the old database. {@link
 * io.perch.keycloak.bcrypt.BcryptHash} reads version, cost and salt from it. So no configuration can make a password invalid. The
 * algorithm only verifies. Keycloak's own algorithm writes all hashes, and so Keycloak replaces each of these hashes after the
 * first successful sign-in.
 *
 * <p>The package may use Keycloak's credentials and the bcrypt library that is packed with it.
 */
@NullMarked
package io.perch.keycloak.bcrypt;

import org.jspecify.annotations.NullMarked;
