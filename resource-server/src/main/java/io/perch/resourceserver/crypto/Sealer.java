package io.perch.resourceserver.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Seals and unseals text for the database with authenticated encryption (AES-256-GCM, NIST SP 800-38D). Thread-safe. */
public final class Sealer {

    private final Aead aead;
    private final Aead primary;
    private final FernetKeys fernetKeys;

    Sealer(KeysetHandle keyset, FernetKeys fernetKeys) throws GeneralSecurityException {
        this.aead = AesGcm.of(keyset);
        this.primary = AesGcm.of(Keysets.primaryOf(keyset));
        this.fernetKeys = fernetKeys;
    }

    /**
     * Seals a text. The result is different each time.
     *
     * @param plaintext the text, of any length
     * @param field where the result will be stored
     * @return the sealed value, in Base64
     */
    public String seal(String plaintext, SealedField field) {
        try {
            byte[] sealed = aead.encrypt(plaintext.getBytes(StandardCharsets.UTF_8), field.associatedData());
            return Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM refused to encrypt", e);
        }
    }

    /**
     * Unseals a value.
     *
     * @param sealed the result of {@link #seal}
     * @param field where the value was stored
     * @return the text
     * @throws UnsealException if the value was changed, belongs to another field, or its key is not in the keyset
     */
    public String unseal(String sealed, SealedField field) {
        return unseal(aead, sealed, field);
    }

    /**
     * Returns whether a value is sealed with the keyset's primary key. Otherwise it should be resealed.
     *
     * @param sealed the stored value
     * @param field where it is stored
     * @return false also if the value cannot be unsealed
     */
    public boolean isCurrent(String sealed, SealedField field) {
        try {
            unseal(primary, sealed, field);
            return true;
        } catch (UnsealException e) {
            return false;
        }
    }

    /**
     * Returns whether a value has the prefix of a Fernet token, which the old services stored.
     *
     * @param stored the stored value
     */
    public boolean isFernet(String stored) {
        return FernetKeys.isToken(stored);
    }

    /**
     * Decrypts a Fernet token of an old service, of any age. A token is not bound to a field: anybody who can write to the
     * database can copy it to another field. So call this only for fields whose value nobody else can read.
     *
     * @param token the Fernet token
     * @param field where the token was stored
     * @return the text
     * @throws UnsealException if the token was changed, or its key is not in {@code ENCRYPTION_KEY}
     */
    public String openFernet(String token, SealedField field) {
        try {
            return fernetKeys.open(token);
        } catch (GeneralSecurityException e) {
            throw new UnsealException(field, e);
        }
    }

    private static String unseal(Aead aead, String sealed, SealedField field) {
        try {
            byte[] plaintext = aead.decrypt(Base64.getDecoder().decode(sealed), field.associatedData());
            return new String(plaintext, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnsealException(field, e);
        }
    }
}
