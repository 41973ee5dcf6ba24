package io.perch.systemtests.client;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The mails that the local stack's sink has kept for one address. */
public final class Mailbox {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern CODE = Pattern.compile("(?m)^\\s*(\\d{6})\\s*$");
    private static final Pattern RESET_LINK = Pattern.compile("/reset-password\\?token=([^\\s\"<>&]+)");
    private static final Pattern PART = Pattern.compile("\\R--");

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

    /** Waits for the first mail with the link of a password reset in it, and returns the link's token. */
    public String awaitResetToken() {
        String token = await().atMost(PATIENCE)
                .until(() -> found(RESET_LINK), found -> !found.isEmpty())
                .get(0);
        return URLDecoder.decode(token, StandardCharsets.UTF_8);
    }

    /** Returns the codes that have come so far, oldest first. */
    public List<String> codes() {
        return found(CODE);
    }

    /** The first match in each mail that has one, oldest first. */
    private List<String> found(Pattern pattern) {
        try (Stream<Path> mails = Files.list(directory)) {
            return mails.filter(mail -> mail.toString().endsWith(".eml"))
                    .sorted(Comparator.comparing(Mailbox::arrival))
                    .map(Mailbox::text)
                    .filter(text -> text.toLowerCase(Locale.ROOT).contains("to: " + address))
                    .map(pattern::matcher)
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
            return Stream.of(PART.split(Files.readString(mail), -1))
                    .map(Mailbox::decoded)
                    .collect(Collectors.joining("\n--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A part as it was written: without soft line breaks, and with the sign that a link has (RFC 2045, section 6.7). */
    private static String decoded(String part) {
        return part.contains("quoted-printable") ? part.replaceAll("=\\R", "").replace("=3D", "=") : part;
    }
}
