package io.perch.resourceserver.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts with a keyset's AES-GCM keys and the Java runtime's cipher, in Tink's format: the key's prefix, the nonce, and the
 * ciphertext with its tag.
 *
 * <p>Tink's own primitive keeps a cipher and a random number generator per thread. With virtual threads, each request creates
 * both anew, and the generator's creation searches all jars for a provider that does not exist. This took 11 percent of the
 * server's CPU time. Here all threads share one generator. A cipher is created for each value, which is cheap.
 */
final class AesGcm implements Aead {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Key primary;
    private final List<Key> keys;

    private AesGcm(Key primary, List<Key> keys) {
        this.primary = primary;
        this.keys = List.copyOf(keys);
    }

    private static final class Key {

        private final byte[] prefix;
        private final SecretKey secret;

        @AccessesPartialKey
        Key(AesGcmKey key) throws GeneralSecurityException {
            this.prefix = key.getOutputPrefix().toByteArray();
            this.secret = new SecretKeySpec(key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()), "AES");
        }

        boolean hasPrefixOf(byte[] sealed) {
            return sealed.length >= prefix.length + NONCE_BYTES + TAG_BYTES
                    && Arrays.equals(prefix, 0, prefix.length, sealed, 0, prefix.length);
        }
    }

    /** Returns the keyset's primitive: this class, or Tink's own if one of its keys is of another type. */
    static Aead of(KeysetHandle keyset) throws GeneralSecurityException {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < keyset.size(); i++) {
            KeysetHandle.Entry entry = keyset.getAt(i);
            if (entry.getStatus() == KeyStatus.ENABLED) {
                if (!(entry.getKey() instanceof AesGcmKey key) || !hasTinkDefaultSizes(key)) {
                    return keyset.getPrimitive(AeadConfig2026.get(), Aead.class);
                }
                keys.add(new Key(key));
            }
        }
        return new AesGcm(new Key((AesGcmKey) keyset.getPrimary().getKey()), keys);
    }

    private static boolean hasTinkDefaultSizes(AesGcmKey key) {
        return key.getParameters().getIvSizeBytes() == NONCE_BYTES
                && key.getParameters().getTagSizeBytes() == TAG_BYTES;
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] ciphertext =
                cipher(Cipher.ENCRYPT_MODE, primary, nonce, associatedData).doFinal(plaintext);
        return ByteBuffer.allocate(primary.prefix.length + NONCE_BYTES + ciphertext.length)
                .put(primary.prefix)
                .put(nonce)
                .put(ciphertext)
                .array();
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] associatedData) throws GeneralSecurityException {
        @Nullable GeneralSecurityException refusal = null;
        for (Key key : keys) {
            if (key.hasPrefixOf(sealed)) {
                int nonceAt = key.prefix.length;
                int ciphertextAt = nonceAt + NONCE_BYTES;
                byte[] nonce = Arrays.copyOfRange(sealed, nonceAt, ciphertextAt);
                try {
                    return cipher(Cipher.DECRYPT_MODE, key, nonce, associatedData)
                            .doFinal(sealed, ciphertextAt, sealed.length - ciphertextAt);
                } catch (AEADBadTagException e) {
                    // If keys have no prefix or the same prefix, another one may decrypt it
                    refusal = e;
                }
            }
        }
        throw new GeneralSecurityException("No key of the keyset opens it", refusal);
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] associatedData)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.secret, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(associatedData);
        return cipher;
    }
}
