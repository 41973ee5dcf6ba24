package io.perch.keycloak.bcrypt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.BCrypt.HashData;
import at.favre.lib.crypto.bcrypt.BCrypt.Version;
import at.favre.lib.crypto.bcrypt.IllegalBCryptFormatException;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A hash in the format of bcrypt libraries, or passlib's {@code bcrypt_sha256}. Passwords are compared in the same way as passlib
 * does: in UTF-8. Bcrypt uses the first 72 octets of a password. A password with NUL never matches, because NUL ends a password in
 * bcrypt. {@code bcrypt_sha256} uses the whole password.
 */
public final class BcryptHash {

    /** The lowest cost of bcrypt. */
    public static final int MIN_COST = 4;

    /** The highest cost that is accepted. With it one check takes seconds, and each higher cost doubles that. */
    public static final int MAX_COST = 16;

    private static final String PREFIX = "$bcrypt-sha256$";
    private static final Pattern BCRYPT =
            Pattern.compile("\\$(2[aby])\\$(\\d{2})\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");
    private static final Pattern SHA256 =
            Pattern.compile("\\$bcrypt-sha256\\$(2[ab]),([1-9]\\d?)\\$([./A-Za-z0-9]{22})\\$([./A-Za-z0-9]{31})");

    // If the unused bits after the last octet are set, the same salt has several encodings, and the key depends on the
    // encoding. passlib refuses them
    private static final Pattern HMAC_SHA256 = Pattern.compile(
            "\\$bcrypt-sha256\\$v=2,t=(2b),r=([1-9]\\d?)\\$([./A-Za-z0-9]{21}[.Oeu])\\$([./A-Za-z0-9]{31})");

    private static final BCrypt.Hasher HASHER =
            BCrypt.with(Version.VERSION_2B, LongPasswordStrategies.truncate(Version.VERSION_2B));

    private final Scheme scheme;
    private final String version;
    private final String salt;
    private final HashData hash;

    private BcryptHash(Scheme scheme, String version, String salt, HashData hash) {
        this.scheme = scheme;
        this.version = version;
        this.salt = salt;
        this.hash = hash;
    }

    /** Reads a hash; empty if the text is not a hash, is damaged, or its cost is higher than {@link #MAX_COST}. */
    public static Optional<BcryptHash> parse(String text) {
        if (!text.startsWith(PREFIX)) {
            return parse(Scheme.PLAIN, BCRYPT.matcher(text));
        }
        Matcher second = HMAC_SHA256.matcher(text);
        return second.matches() ? parse(Scheme.HMAC_SHA256, second) : parse(Scheme.SHA256, SHA256.matcher(text));
    }

    private static Optional<BcryptHash> parse(Scheme scheme, Matcher parts) {
        if (!parts.matches()) {
            return Optional.empty();
        }
        int cost = Integer.parseInt(parts.group(2));
        if (cost < MIN_COST || cost > MAX_COST) {
            return Optional.empty();
        }
        String salt = parts.group(3);
        String plain = String.format(Locale.ROOT, "$2b$%02d$%s%s", cost, salt, parts.group(4));
        try {
            HashData hash = Version.VERSION_2B.parser.parse(plain.getBytes(US_ASCII));
            return Optional.of(new BcryptHash(scheme, parts.group(1), salt, hash));
        } catch (IllegalBCryptFormatException e) {
            return Optional.empty();
        }
    }

    /** The logarithm, to base 2, of the number of rounds. */
    public int cost() {
        return hash.cost;
    }

    /** Whether a password matches this hash. The time depends on the cost, not on the result. */
    public boolean matches(String password) {
        // Otherwise Java would encode an unpaired surrogate as a question mark, and both would match
        return UTF_8.newEncoder().canEncode(password) && matches(password.getBytes(UTF_8));
    }

    boolean matches(byte[] password) {
        byte[] key = scheme.key(password, salt);
        if (containsNul(key)) {
            return false;
        }
        byte[] expected = hash.rawHash;
        return MessageDigest.isEqual(expected, HASHER.hashRaw(hash.cost, hash.rawSalt, key).rawHash);
    }

    private static boolean containsNul(byte[] key) {
        for (byte octet : key) {
            if (octet == 0) {
                return true;
            }
        }
        return false;
    }

    /** Scheme, version and cost, such as {@code bcrypt[2b,12]}, without the hash itself. */
    @Override
    public String toString() {
        return scheme.label + "[" + version + "," + hash.cost + "]";
    }

    /** The scheme, which computes bcrypt's input from the password. */
    private enum Scheme {
        PLAIN("bcrypt") {
            @Override
            byte[] key(byte[] password, String salt) {
                return password;
            }
        },
        /** The scheme of passlib before 1.7.3. */
        SHA256("bcrypt-sha256-v1") {
            @Override
            byte[] key(byte[] password, String salt) {
                try {
                    return Base64.getEncoder()
                            .encode(MessageDigest.getInstance("SHA-256").digest(password));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            }
        },
        HMAC_SHA256("bcrypt-sha256-v2") {
            @Override
            byte[] key(byte[] password, String salt) {
                try {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(new SecretKeySpec(salt.getBytes(US_ASCII), "HmacSHA256"));
                    return Base64.getEncoder().encode(mac.doFinal(password));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            }
        };

        private final String label;

        Scheme(String label) {
            this.label = label;
        }

        abstract byte[] key(byte[] password, String salt);
    }
}
