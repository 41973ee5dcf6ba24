package io.perch.resourceserver.crypto;

import com.google.crypto.tink.Aead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Seals and opens text for the database with authenticated encryption (AES-256-GCM, NIST SP 800-38D). Thread-safe. */
public final class Sealer {

    private final Aead aead;

    Sealer(Aead aead) {
        this.aead = aead;
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
        try {
            byte[] plaintext = aead.decrypt(Base64.getDecoder().decode(sealed), field.associatedData());
            return new String(plaintext, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnsealException(field, e);
        }
    }
}
