package io.perch.localstack;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a mail that a person reads.
 *
 * @param text the plain text. Without one, any other text; empty if the mail has no text
 */
record ReceivedMail(String from, String to, String subject, String text) {

    static ReceivedMail of(Message message) throws MessagingException, IOException {
        return new ReceivedMail(
                addresses(message.getFrom()),
                addresses(message.getRecipients(Message.RecipientType.TO)),
                Optional.ofNullable(message.getSubject()).orElse(""),
                anyText(message));
    }

    private static String addresses(Address @Nullable [] addresses) {
        if (addresses == null) {
            return "";
        }
        return Arrays.stream(addresses)
                .map(address -> address instanceof InternetAddress internet ? internet.toUnicodeString() : address + "")
                .collect(Collectors.joining(", "));
    }

    private static String anyText(Part message) throws MessagingException, IOException {
        var plain = text(message, "text/plain");
        return plain.isPresent() ? plain.get() : text(message, "text/*").orElse("");
    }

    private static Optional<String> text(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return Optional.of(part.getContent().toString());
        }
        if (part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                var text = text(parts.getBodyPart(i), type);
                if (text.isPresent()) {
                    return text;
                }
            }
        }
        return Optional.empty();
    }

    /** The mail for a terminal: indented, and without control characters, because the sender can choose them. */
    String printed() {
        var mail = "From: %s\nTo: %s\nSubject: %s\n\n%s".formatted(from, to, subject, text);
        return mail.strip()
                .lines()
                .map(line -> ("    " + line.replaceAll("\\p{Cntrl}", "")).stripTrailing())
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
