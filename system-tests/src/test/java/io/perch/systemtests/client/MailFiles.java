package io.perch.systemtests.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The mails that the local stack's mail server has stored, one file each. */
record MailFiles(Path directory) implements SentMails {

    private static final Pattern PART = Pattern.compile("\\R--");

    @Override
    public List<String> to(String address) {
        try (Stream<Path> mails = Files.list(directory)) {
            return mails.filter(mail -> mail.toString().endsWith(".eml"))
                    .sorted(Comparator.comparing(MailFiles::arrival))
                    .map(MailFiles::text)
                    .filter(text -> text.toLowerCase(Locale.ROOT).contains("to: " + address))
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
                    .map(MailFiles::decoded)
                    .collect(Collectors.joining("\n--"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Decodes the parts of quoted-printable that matter here: soft line breaks, and the equals sign in links (RFC 2045,
     * section 6.7).
     */
    private static String decoded(String part) {
        return part.contains("quoted-printable") ? part.replaceAll("=\\R", "").replace("=3D", "=") : part;
    }
}
