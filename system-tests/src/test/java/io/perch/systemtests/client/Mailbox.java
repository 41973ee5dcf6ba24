package io.perch.systemtests.client;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The mails that the local stack's sink has kept for one address. */
public final class Mailbox {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern CODE = Pattern.compile("(?m)^\\s*(\\d{6})\\s*$");

    private final Path directory;
    private final String address;

    private Mailbox(Path directory, String address) {
        this.directory = directory;
        this.address = address;
    }

    /** Opens a mailbox; skips the test where the system's mails cannot be read. */
    public static Mailbox of(PerchSystem system, String address) {
        Optional<Path> data = system.dataDirectory();
        Assumptions.assumeTrue(data.isPresent(), "only the mails of a system of our own can be read");
        return new Mailbox(data.orElseThrow().resolve("mail"), address);
    }

    /** Waits for the n-th mail with a code in it, from 1, and returns the code. */
    public String awaitCode(int number) {
        return await().atMost(PATIENCE)
                .until(this::codes, found -> found.size() >= number)
                .get(number - 1);
    }

    /** Returns the codes that have come so far, oldest first. */
    public List<String> codes() {
        try (Stream<Path> mails = Files.list(directory)) {
            return mails.filter(mail -> mail.toString().endsWith(".eml"))
                    .sorted(Comparator.comparing(Mailbox::arrival))
                    .map(Mailbox::text)
                    .filter(text -> text.toLowerCase(Locale.ROOT).contains("to: " + address))
                    .map(CODE::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime arrival(Path mail) {
        try {
            return Files.getLastModifiedTime(mail);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path mail) {
        try {
            return Files.readString(mail);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
