package io.perch.resourceserver.crypto;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;

/** Creates and parses Tink keysets as text. */
public final class Keysets {

    private Keysets() {}

    /**
     * Creates a keyset with one new AES-256-GCM key.
     *
     * @return the keyset as one line of JSON, the value for {@code ENCRYPTION_KEYSET}; it is a secret
     */
    public static String generate() {
        try {
            KeysetHandle handle = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
            return serialize(handle);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime offers no AES-256-GCM", e);
        }
    }

    static String serialize(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get())
                .strip();
    }

    static KeysetHandle parse(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    }

    /** Returns a keyset with only the primary key. */
    static KeysetHandle primaryOf(KeysetHandle keyset) throws GeneralSecurityException {
        KeysetHandle.Entry primary = keyset.getPrimary();
        KeysetHandle.Builder alone = KeysetHandle.newBuilder().setConfiguration(AeadConfig2026.get());
        alone.addEntry(KeysetHandle.importKey(primary.getKey())
                .withFixedId(primary.getId())
                .makePrimary());
        return alone.build();
    }
}
