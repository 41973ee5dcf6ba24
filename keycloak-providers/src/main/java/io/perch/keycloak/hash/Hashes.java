package io.perch.keycloak.hash;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Two hashes: a plain one that names rows, and a keyed one that hides what can be guessed. */
public final class Hashes {

    private static final String HMAC = "HmacSHA256";

    private Hashes() {}

    /**
     * A row's name: says nothing of its parts to who does not guess them.
     *
     * @return 43 characters
     */
    public static String name(String... parts) {
        try {
            return text(MessageDigest.getInstance("SHA-256").digest(joined(parts)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The keyed hash (HMAC, RFC 2104, with SHA-256) of something and all that it is bound to.
     *
     * @param use what the hash is for: the same key gives other hashes for another use
     * @param secret goes into the key beside the realm's; empty for none
     * @return 43 characters
     */
    public static String keyed(SecretKey realmKey, String use, String secret, String... parts) {
        // A key of its own, for the realm's signs tokens
        byte[] key = hmac(realmKey.getEncoded(), joined(use, secret));
        return text(hmac(key, joined(parts)));
    }

    /** Compares in a time that does not tell how much is alike. */
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // Each part with its length, so that no two lists of parts read alike
    private static byte[] joined(String... parts) {
        byte[][] encoded = new byte[parts.length][];
        int size = 0;
        for (int i = 0; i < parts.length; i++) {
            encoded[i] = parts[i].getBytes(StandardCharsets.UTF_8);
            size += Integer.BYTES + encoded[i].length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (byte[] part : encoded) {
            buffer.putInt(part.length).put(part);
        }
        return buffer.array();
    }

    private static String text(byte[] hash) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }
}
