/**
 * Reads the old services' password hashes: bcrypt, and passlib's {@code bcrypt_sha256}.
 *
 * <p>A credential of the algorithm {@code bcrypt} has the hash as it stood in the old database for its value, and {@link
 * io.perch.keycloak.bcrypt.BcryptHash} reads version, cost and salt from there: nothing that is configured can break a
 * user's password. It only reads. What has to be written, Keycloak's own algorithm writes, and so Keycloak replaces each
 * of these hashes after the first good sign-in.
 *
 * <p>It may use Keycloak's credentials and the bcrypt library that is packed with it.
 */
@NullMarked
package io.perch.keycloak.bcrypt;

import org.jspecify.annotations.NullMarked;
