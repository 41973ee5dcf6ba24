package io.perch.resourceserver.task;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A code that X requires before a login can continue, as stored in the database.
 *
 * @param kind where the code comes from, such as {@code email}
 * @param expiresAt when the challenge expires and the login fails
 * @param wrongCodes how many codes were wrong
 * @param sealedContinuation the state that the login needs to continue, sealed
 * @param sealedCode the user's code, sealed, until a login has tried it; null if there is none
 */
record Challenge(
        String kind,
        Instant expiresAt,
        int wrongCodes,
        String sealedContinuation,
        @Nullable String sealedCode) {}
