package io.perch.resourceserver.crypto;

import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the keyset from the environment or a file. If it is allowed, a missing file is created first. */
final class KeysetSource {

    private static final Logger log = LoggerFactory.getLogger(KeysetSource.class);

    private final EncryptionProperties properties;

    KeysetSource(EncryptionProperties properties) {
        this.properties = properties;
    }

    /**
     * Loads the keyset.
     *
     * @throws KeysetUnavailableException if none is configured, or the configured one cannot be read
     */
    KeysetHandle load() {
        String keyset = properties.keyset();
        if (keyset != null) {
            return parse(keyset, "ENCRYPTION_KEYSET");
        }
        Path file = properties.keysetFile();
        if (file == null) {
            throw KeysetUnavailableException.missing();
        }
        try {
            if (properties.createMissing() && Files.notExists(file)) {
                create(file);
            }
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw KeysetUnavailableException.unreadable(file.toString(), e);
        }
    }

    private static KeysetHandle parse(String json, String source) {
        try {
            return Keysets.parse(json);
        } catch (GeneralSecurityException e) {
            throw KeysetUnavailableException.unreadable(source, e);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        // Created with its final permissions, so that no other user can open it in between
        Files.createFile(file, ownerOnly(file));
        Files.writeString(file, Keysets.generate(), StandardOpenOption.WRITE);
        log.info("A new encryption keyset was written to {}", file);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
