package io.perch.resourceserver.crypto;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The source of the encryption keyset.
 *
 * @param keyset the keyset as JSON; has precedence over the file; blank counts as absent
 * @param keysetFile a file with the keyset as JSON; null or empty if there is none
 * @param fernetKeys the old services' Fernet keys, separated by commas, to decrypt their values; null or blank if there are none
 * @param createMissing whether a missing keyset file is created at the first start; for a local profile only
 */
@ConfigurationProperties("perch.encryption")
record EncryptionProperties(
        @Nullable String keyset,
        @Nullable Path keysetFile,
        @Nullable String fernetKeys,
        @DefaultValue("false") boolean createMissing) {

    EncryptionProperties {
        if (keyset != null && keyset.isBlank()) {
            keyset = null;
        }
        if (keysetFile != null && keysetFile.toString().isBlank()) {
            keysetFile = null;
        }
        if (fernetKeys != null && fernetKeys.isBlank()) {
            fernetKeys = null;
        }
    }

    /** Keeps the keys out of logs. */
    @Override
    public String toString() {
        return "EncryptionProperties[keysetFile=%s, createMissing=%s]".formatted(keysetFile, createMissing);
    }
}
