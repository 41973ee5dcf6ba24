package io.perch.keycloak.firstparty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The error output of the server. Keycloak prints a stack trace there for each assertion that is wrong. The test framework does not read it: once
 * the pipe is full, the server would wait for ever. Only Linux shows the pipe of another process.
 */
final class ServerErrorOutput {

    private static final Set<Path> READ = ConcurrentHashMap.newKeySet();

    private ServerErrorOutput() {}

    /** Reads what comes and forgets it, until the server ends. */
    static void discard() {
        ProcessHandle.current()
                .descendants()
                .map(process -> Path.of("/proc/" + process.pid() + "/fd"))
                .filter(ServerErrorOutput::hasPipeOfItsOwn)
                .filter(READ::add)
                .forEach(files -> {
                    Thread reader = new Thread(() -> read(files.resolve("2")), "error output of the server");
                    reader.setDaemon(true);
                    reader.start();
                });
    }

    private static boolean hasPipeOfItsOwn(Path files) {
        try {
            String errors = Files.readSymbolicLink(files.resolve("2")).toString();
            return errors.startsWith("pipe:")
                    && !errors.equals(Files.readSymbolicLink(files.resolve("1")).toString());
        } catch (IOException e) {
            return false;
        }
    }

    private static void read(Path pipe) {
        try (InputStream errors = Files.newInputStream(pipe)) {
            errors.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The server has ended
        }
    }
}
