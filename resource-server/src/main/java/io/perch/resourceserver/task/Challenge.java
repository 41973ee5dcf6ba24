package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the other side asks for before a login goes on, as it lies in the database.
 *
 * @param kind where the code comes from, such as {@code email}
 * @param expiresAt when the login is given up
 * @param wrongCodes how many codes were wrong
 * @param sealedContinuation what the login needs to go on, sealed
 * @param sealedCode the user's code, sealed, while nobody has tried it; null where none is there
 */
record Challenge(
        String kind,
        Instant expiresAt,
        int wrongCodes,
        String sealedContinuation,
        @Nullable String sealedCode) {}
