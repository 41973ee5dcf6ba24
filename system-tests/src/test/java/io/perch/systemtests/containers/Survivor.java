package io.perch.systemtests.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A user and a task that a test leaves, for a test after a restore. The file that {@code PERCH_SURVIVOR} names keeps it.
 *
 * @param email the user's address, which is also the name
 * @param password the user's password
 * @param task the id of a task that succeeded
 */
record Survivor(String email, String password, String task) {

    /** Writes the file, if there is one. */
    void keep() {
        file().ifPresent(file -> {
            var properties = new Properties();
            properties.setProperty("email", email);
            properties.setProperty("password", password);
            properties.setProperty("task", task);
            try (var out = Files.newBufferedWriter(file)) {
                properties.store(out, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Reads the file; empty if there is none. */
    static Optional<Survivor> find() {
        return file().filter(Files::exists).map(file -> {
            var properties = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Survivor(
                    properties.getProperty("email"),
                    properties.getProperty("password"),
                    properties.getProperty("task"));
        });
    }

    private static Optional<Path> file() {
        return Optional.ofNullable(System.getenv("PERCH_SURVIVOR")).map(Path::of);
    }
}
