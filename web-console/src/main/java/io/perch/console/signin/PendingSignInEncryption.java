package io.perch.console.signin;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Encrypts the data of started sign-ins as a JWE (RFC 7516) with {@code dir} and {@code A256GCM}, which also detects
 * changes. The key is derived from the client's secret, so all instances have the same one.
 */
@Component
class PendingSignInEncryption {

    private static final Logger log = LoggerFactory.getLogger(PendingSignInEncryption.class);

    /** Separates this key from other uses of the secret. */
    private static final String KEY_CONTEXT = "perch console: cookie of a pending sign-in, A256GCM, version 1";

    private static final JWEHeader HEADER = new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A256GCM);

    /** Text with another header is refused before it is parsed. The key of {@code dir} is not part of the text. */
    private static final String PREFIX = HEADER.toBase64URL() + "..";

    private static final String NONCE = "nonce";
    private static final String STATE = "state";
    private static final String CODE_VERIFIER = "verifier";
    private static final String TARGET = "to";

    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private final SecretKey key;
    private final Clock clock;

    PendingSignInEncryption(KeycloakProperties keycloak, Clock clock) {
        byte[] secret = keycloak.clientSecret().getBytes(StandardCharsets.UTF_8);
        this.key = new SecretKeySpec(hkdf(secret, KEY_CONTEXT.getBytes(StandardCharsets.UTF_8)), "AES");
        this.clock = clock;
    }

    /** Returns the encrypted data as letters, digits and {@code . - _}. */
    String encrypt(PendingSignIn signIn, Duration life) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .claim(STATE, signIn.state())
                .claim(NONCE, signIn.nonce())
                .claim(CODE_VERIFIER, signIn.codeVerifier())
                .claim(TARGET, signIn.target())
                .expirationTime(Date.from(clock.instant().plus(life)))
                .build();
        EncryptedJWT jwt = new EncryptedJWT(HEADER, claims);
        try {
            jwt.encrypt(new DirectEncrypter(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    /** Returns the data, or empty if the text has expired, was changed, or was encrypted with another key. */
    Optional<PendingSignIn> decrypt(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            EncryptedJWT jwt = EncryptedJWT.parse(text);
            jwt.decrypt(new DirectDecrypter(key));
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Date end = claims.getExpirationTime();
            String state = claims.getStringClaim(STATE);
            String nonce = claims.getStringClaim(NONCE);
            String codeVerifier = claims.getStringClaim(CODE_VERIFIER);
            String target = claims.getStringClaim(TARGET);
            // Another version may have written other claims
            boolean complete = end != null && state != null && nonce != null && codeVerifier != null && target != null;
            return complete && clock.instant().isBefore(end.toInstant())
                    ? Optional.of(new PendingSignIn(state, nonce, codeVerifier, target))
                    : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            log.debug("The cookie of a started sign-in is refused: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** HKDF with SHA-256 (RFC 5869), without a salt, and with one block of output. */
    static byte[] hkdf(byte[] secret, byte[] context) {
        byte[] pseudoRandomKey = hmac(new byte[HASH_BYTES], secret);
        byte[] firstBlock = Arrays.copyOf(context, context.length + 1);
        firstBlock[context.length] = 1;
        return hmac(pseudoRandomKey, firstBlock);
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
