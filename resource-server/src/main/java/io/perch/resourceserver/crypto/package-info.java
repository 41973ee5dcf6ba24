/**
 * Sealing: what must not stand in clear in the database.
 *
 * <p>A {@link io.perch.resourceserver.crypto.Sealer} encrypts one field of one record with AES-256-GCM (Tink AEAD) and
 * binds the ciphertext to its owner, its record and its field name, so that a value copied elsewhere in the database
 * does not open. The keyset comes from the environment or a file; the server does not start without one. Rotation is
 * Tink's: add a key, make it primary, old values still open. Values of the old services are Fernet tokens; they are
 * opened, and never made.
 *
 * <p>May use: Tink, fernet-java8, Spring's configuration support. Knows nothing of the features that use it.
 */
@NullMarked
package io.perch.resourceserver.crypto;

import org.jspecify.annotations.NullMarked;
