package io.perch.keycloak.theme;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.icegreen.greenmail.util.GreenMail;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** A mail with a part in plain text and, after it, the same in HTML. */
record Mail(String subject, String text, String html) {

    /** The first mail to arrive. */
    static Mail first(GreenMail mailServer) {
        return all(mailServer, 1).get(0);
    }

    /** The mail with this subject, when as many have arrived as are expected. */
    static Mail among(GreenMail mailServer, int expected, String subject) {
        return all(mailServer, expected).stream()
                .filter(mail -> mail.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private static List<Mail> all(GreenMail mailServer, int expected) {
        if (!mailServer.waitForIncomingEmail(SECONDS.toMillis(20), expected)) {
            throw new IllegalStateException("Fewer than " + expected + " mails");
        }
        return Stream.of(mailServer.getReceivedMessages()).map(Mail::of).toList();
    }

    private static Mail of(MimeMessage message) {
        try {
            MimeMultipart parts = (MimeMultipart) message.getContent();
            if (!parts.getContentType().startsWith("multipart/alternative") || parts.getCount() != 2) {
                throw new IllegalStateException(parts.getContentType());
            }
            return new Mail(
                    message.getSubject(),
                    content(parts.getBodyPart(0), "text/plain"),
                    content(parts.getBodyPart(1), "text/html"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String content(BodyPart part, String type) throws MessagingException, IOException {
        if (!part.isMimeType(type)) {
            throw new IllegalStateException(part.getContentType());
        }
        return ((String) part.getContent()).replace("\r\n", "\n");
    }
}
