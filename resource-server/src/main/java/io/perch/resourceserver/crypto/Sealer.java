package io.perch.resourceserver.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Seals and opens text for the database with authenticated encryption (AES-256-GCM, NIST SP 800-38D). Thread-safe. */
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
     * Seals a text. Sealing the same text twice gives different results.
     *
     * @param plaintext the text, of any length
     * @param field where the result will be stored
     * @return the sealed value, as Base64
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
     * Opens a sealed value.
     *
     * @param sealed what {@link #seal} gave
     * @param field where the value was stored
     * @return the text
     * @throws UnsealException if the value was changed, belongs to another place, or its key is not in the keyset
     */
    public String unseal(String sealed, SealedField field) {
        return unseal(aead, sealed, field);
    }

    /**
     * Returns whether a value is sealed with the keyset's primary key. One that is not should be sealed anew.
     *
     * @param sealed what is stored
     * @param field where it is stored
     * @return false also where the value does not open at all
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
     * Returns, by its form, whether a value is an old service's, which encrypted with Fernet.
     *
     * @param stored what is stored
     */
    public boolean isFernet(String stored) {
        return FernetKeys.isToken(stored);
    }

    /**
     * Opens a value that an old service encrypted with Fernet, however old it is. Such a value is bound to no place: who
     * may write to the database can copy it anywhere. Open one only where nobody but its owner could have a use for it.
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
