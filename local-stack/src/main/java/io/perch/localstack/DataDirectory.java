package io.perch.localstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The directory with all data of the stack. Only one launcher can use it at a time.
 *
 * <p>New directories have mode 0700, because mails, logs and databases contain personal data.
 */
final class DataDirectory implements AutoCloseable {

    private static final String ONLY_OWNER = "rwx------";
    private static final String ONLY_OWNER_FILE = "rw-------";
    private static final int SECRET_BYTES = 32;

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Creates the directory if it is missing, and locks it until {@link #close()} or until this process ends. */
    static DataDirectory lock(Path root) throws StackException {
        try {
            directory(root);
            var lockFile = FileChannel.open(
                    directory(root.resolve("run")).resolve("launcher.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock lock = lockFile.tryLock();
            if (lock != null) {
                return new DataDirectory(root, lockFile);
            }
            lockFile.close();
        } catch (IOException e) {
            throw new StackException("The data directory " + root + " cannot be written (" + describe(e)
                    + "); set another one in PERCH_DATA_DIR");
        }
        throw new StackException(
                "Perch already runs on the data directory " + root + "; stop it, or set another one in PERCH_DATA_DIR");
    }

    private static String describe(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    Path root() {
        return root;
    }

    /** A directory below this one. It is created if it is missing. */
    Path directory(String name) throws IOException {
        return directory(root.resolve(name));
    }

    private static Path directory(Path path) throws IOException {
        return Files.createDirectories(path, ownerOnly(path, ONLY_OWNER));
    }

    /** The pid file of a component that runs in its own process. */
    PidFile pidFile(String component) {
        return new PidFile(root.resolve("run").resolve(component + ".pid"));
    }

    /** The path of a component's log. The file may not exist yet. */
    Path log(String component) {
        return root.resolve("logs").resolve(component + ".log");
    }

    /** The path for a component's new log. The log of the previous run is renamed to {@code .log.1}. */
    Path freshLog(String component) throws IOException {
        var log = directory("logs").resolve(component + ".log");
        if (Files.exists(log)) {
            Files.move(log, log.resolveSibling(component + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return log;
    }

    /** The path of a secret file. Only the user can read its directory. */
    Path secretFile(String name) throws IOException {
        return directory("secrets").resolve(name);
    }

    /** A random secret of 256 bits. The first call for a name creates it and stores it in a file (mode 0600). */
    String secret(String name) throws IOException {
        var file = secretFile(name);
        if (!Files.exists(file)) {
            var bytes = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
            var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            // The file is complete when it gets its name, and others can never read it
            var draft = Files.createTempFile(file.getParent(), name, ".new", ownerOnly(file, ONLY_OWNER_FILE));
            Files.writeString(draft, secret, StandardCharsets.UTF_8);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file).strip();
    }

    private static FileAttribute<?>[] ownerOnly(Path path, String mode) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))};
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
