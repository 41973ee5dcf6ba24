/**
 * Sealing: encryption of values that must not be stored in plain text.
 *
 * <p>A {@link io.perch.resourceserver.crypto.Sealer} encrypts one field of one record with AES-256-GCM (Tink AEAD). The
 * ciphertext is bound to its owner, its record and its field name, so a value that is copied elsewhere in the database cannot be
 * unsealed. The keyset comes from the environment or a file; the server does not start without one. Keys are rotated as in Tink:
 * add a key, make it primary; old values can still be unsealed. Values of the old services are Fernet tokens; they are only
 * decrypted, never created.
 *
 * <p>May use: Tink, fernet-java8, Spring's configuration support. Does not depend on the features that use it.
 */
@NullMarked
package io.perch.resourceserver.crypto;

import org.jspecify.annotations.NullMarked;
