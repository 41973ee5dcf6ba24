package io.perch.keycloak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.keycloak.models.utils.Base32;
import org.keycloak.representations.idm.CredentialRepresentation;

/** An authenticator app (RFC 6238) with a secret that tests know. */
public final class Totp {

    private static final String SECRET = "12345678901234567890";

    private Totp() {}

    /** The app as a credential of a user. */
    public static CredentialRepresentation credential() {
        CredentialRepresentation credential = new CredentialRepresentation();
        credential.setType("otp");
        credential.setSecretData("{\"value\":\"" + SECRET + "\"}");
        credential.setCredentialData(
                "{\"subType\":\"totp\",\"digits\":6,\"counter\":0,\"period\":30,\"algorithm\":\"HmacSHA1\"}");
        return credential;
    }

    /** The code of this moment. */
    public static String code() {
        return code(SECRET.getBytes(StandardCharsets.US_ASCII));
    }

    /** The code of this moment for another secret, in Base32 (RFC 4648). */
    public static String code(String base32) {
        return code(Base32.decode(base32));
    }

    private static String code(byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            long step = Instant.now().getEpochSecond() / 30;
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
            int number = ByteBuffer.wrap(hash, hash[hash.length - 1] & 0xf, 4).getInt() & 0x7fffffff;
            return "%06d".formatted(number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
