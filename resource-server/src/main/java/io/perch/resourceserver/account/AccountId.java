package io.perch.resourceserver.account;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.UUID;

/** Derives an account's id, so that one user's one X account is one document without a second unique index. */
final class AccountId {

    private static final long VERSION_8 = 0x8000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private AccountId() {}

    /** Returns the id: a UUID of version 8 (RFC 9562 section 5.8) from SHA-256. X user names ignore case. */
    static String of(String userId, String username) {
        String name = userId + '/' + username.toLowerCase(Locale.ROOT);
        ByteBuffer hash = ByteBuffer.wrap(sha256(name));
        long high = (hash.getLong() & ~0xF000L) | VERSION_8;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | VARIANT;
        return new UUID(high, low).toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
