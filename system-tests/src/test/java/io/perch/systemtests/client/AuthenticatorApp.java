package io.perch.systemtests.client;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/** An authenticator app: codes of six digits, a new one every 30 seconds (RFC 6238). */
public final class AuthenticatorApp {

    private static final String ALGORITHM = "HmacSHA1";
    private static final int PERIOD_SECONDS = 30;
    private static final int CODES = 1_000_000;

    private final byte[] key;
    private long lastPeriod;

    /**
     * Stores a key.
     *
     * @param key in Base32 (RFC 4648), perhaps with spaces
     */
    public AuthenticatorApp(String key) {
        this.key = new Base32().decode(key.replace(" ", ""));
    }

    /**
     * A code that this method has not returned before, because Keycloak accepts each only once. If that of this moment
     * was returned already, it is the next one, which Keycloak accepts too.
     */
    public String code() {
        lastPeriod = Math.max(now(), lastPeriod + 1);
        return format(number(lastPeriod));
    }

    /** A code that is not the one of this moment. */
    public String wrongCode() {
        return format((number(now()) + CODES / 2) % CODES);
    }

    private static long now() {
        return Instant.now().getEpochSecond() / PERIOD_SECONDS;
    }

    private int number(long period) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            // RFC 4226, section 5.3: the last four bits say where the number begins
            return (ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & Integer.MAX_VALUE) % CODES;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String format(int number) {
        return "%06d".formatted(number);
    }
}
