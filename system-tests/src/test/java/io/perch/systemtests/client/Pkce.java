package io.perch.systemtests.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A code verifier and its S256 challenge (RFC 7636, section 4). */
public record Pkce(String verifier, String challenge) {

    public static Pkce random() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        var verifier = encode(bytes);
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return new Pkce(verifier, encode(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
