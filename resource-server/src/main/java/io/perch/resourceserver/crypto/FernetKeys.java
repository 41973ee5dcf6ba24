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

/** The keys of the old services, which encrypted with Fernet. They open old values; nothing is sealed with them. */
final class FernetKeys {

    /** Version 0x80 and a time before the year 2106, in Base64. What Tink seals begins with another byte. */
    private static final String FORM = "gAAAAA";

    private static final int KEY_BYTES = 32;
    private static final Ageless AGELESS = new Ageless();

    private final List<Key> keys;

    private FernetKeys(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads the keys.
     *
     * @param text one key, or several with commas between them; null for none
     * @throws KeysetUnavailableException if one of them is no Fernet key
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

    /** Returns, by its form, whether a value is a Fernet token. */
    static boolean isToken(String value) {
        return value.startsWith(FORM);
    }

    /**
     * Opens a token, however old it is.
     *
     * @throws GeneralSecurityException if the token was changed, or its key is not among these
     */
    String open(String token) throws GeneralSecurityException {
        if (keys.isEmpty()) {
            throw new GeneralSecurityException("It is the old service's, and ENCRYPTION_KEY is not set");
        }
        try {
            return Token.fromString(token).validateAndDecrypt(keys, AGELESS);
        } catch (TokenValidationException | IllegalArgumentException e) {
            throw new GeneralSecurityException("No key in ENCRYPTION_KEY opens it", e);
        }
    }

    /** A stored value is no session: its age says nothing. */
    private static final class Ageless implements StringValidator {

        private static final Duration AGES = Duration.ofDays(365_000);

        @Override
        public TemporalAmount getTimeToLive() {
            return AGES;
        }

        @Override
        public TemporalAmount getMaxClockSkew() {
            return AGES;
        }
    }
}
