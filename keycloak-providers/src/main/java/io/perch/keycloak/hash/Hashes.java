package io.perch.keycloak.hash;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Two kinds of hashes: plain ones for the ids of rows, and keyed ones for values that could be guessed. */
public final class Hashes {

    private static final String HMAC = "HmacSHA256";

    private Hashes() {}

    /**
     * The id of a row: the SHA-256 hash of its parts. It hides the parts from readers who cannot guess them.
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
     * The keyed hash (HMAC, RFC 2104, with SHA-256) of a value and of everything that it is bound to.
     *
     * @param use the purpose of the hash: the same key gives different hashes for different purposes
     * @param secret part of the key, in addition to the realm's key; empty for none
     * @return 43 characters
     */
    public static String keyed(SecretKey realmKey, String use, String secret, String... parts) {
        // A derived key, because the realm's key signs tokens
        byte[] key = hmac(realmKey.getEncoded(), joined(use, secret));
        return text(hmac(key, joined(parts)));
    }

    /** Compares two hashes in constant time. */
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

    // Each part is written with its length, so that different lists of parts never give the same bytes
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
