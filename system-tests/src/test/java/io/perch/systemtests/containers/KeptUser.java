package io.perch.systemtests.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A user and a task of one test that a test after a restore checks. They are in the file {@code PERCH_SURVIVOR}.
 *
 * @param email the user's address, which is also the user name
 * @param password the user's password
 * @param task the id of a successful task
 */
record KeptUser(String email, String password, String task) {

    /** Writes the file if {@code PERCH_SURVIVOR} is set. */
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

    /** Reads the file. Empty if there is none. */
    static Optional<KeptUser> find() {
        return file().filter(Files::exists).map(file -> {
            var properties = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new KeptUser(
                    properties.getProperty("email"),
                    properties.getProperty("password"),
                    properties.getProperty("task"));
        });
    }

    private static Optional<Path> file() {
        return Optional.ofNullable(System.getenv("PERCH_SURVIVOR")).map(Path::of);
    }
}
