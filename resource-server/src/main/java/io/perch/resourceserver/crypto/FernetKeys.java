package io.perch.resourceserver.crypto;

import com.macasaet.fernet.Key;
import com.macasaet.fernet.StringValidator;
import com.macasaet.fernet.Token;
import com.macasaet.fernet.TokenValidationException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of the old services, which encrypted with Fernet. They decrypt old values and encrypt nothing. */
final class FernetKeys {

    /** The version 0x80 and a time before the year 2106, in Base64. Tink's ciphertexts start with another byte. */
    private static final String TOKEN_PREFIX = "gAAAAA";

    private static final int KEY_BYTES = 32;
    private static final NoExpiry NO_EXPIRY = new NoExpiry();

    private final List<Key> keys;

    private FernetKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Parses the keys.
     *
     * @param text one key, or several separated by commas; null for none
     * @throws KeysetUnavailableException if one of them is not a Fernet key
     */
    static FernetKeys parse(@Nullable String text) {
        if (text == null) {
            return new FernetKeys(List.of());
        }
        String[] parts = text.split(",", -1);
        List<Key> keys = new ArrayList<>();
        for (String part : parts) {
            keys.add(key(part.strip(), keys.size() + 1, parts.length));
        }
        return new FernetKeys(keys);
    }

    private static Key key(String text, int position, int count) {
        byte[] key;
        try {
            key = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw KeysetUnavailableException.malformedFernetKey(position, count);
        }
        if (key.length != KEY_BYTES) {
            throw KeysetUnavailableException.malformedFernetKey(position, count);
        }
        return new Key(key);
    }

    /** Returns whether a value has the prefix of a Fernet token. */
    static boolean isToken(String value) {
        return value.startsWith(TOKEN_PREFIX);
    }

    /**
     * Decrypts a token of any age.
     *
     * @throws GeneralSecurityException if the token was changed, or its key is not among these keys
     */
    String open(String token) throws GeneralSecurityException {
        if (keys.isEmpty()) {
            throw new GeneralSecurityException("It was encrypted by the old service, and ENCRYPTION_KEY is not set");
        }
        try {
            return Token.fromString(token).validateAndDecrypt(keys, NO_EXPIRY);
        } catch (TokenValidationException | IllegalArgumentException e) {
            throw new GeneralSecurityException("No key in ENCRYPTION_KEY can decrypt it", e);
        }
    }

    /** Accepts any age: stored values do not expire. */
    private static final class NoExpiry implements StringValidator {

        private static final Duration UNLIMITED = Duration.ofDays(365_000);

        @Override
        public TemporalAmount getTimeToLive() {
            return UNLIMITED;
        }

        @Override
        public TemporalAmount getMaxClockSkew() {
            return UNLIMITED;
        }
    }
}
