package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A mail server that stores the mails of a realm. {@link #close} stops it. */
final class MailSink implements AutoCloseable {

    private static final Pattern CODE = Pattern.compile("(?<![\\w#=])(\\d{3})[ -]?(\\d{3})(?![\\w;])");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    private MailSink() {}

    static MailSink of(AuthApiRealm realm) {
        MailSink sink = new MailSink();
        sink.server.start();
        realm.change(settings -> settings.setSmtpServer(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(sink.server.getSmtp().getPort()),
                "from", "no-reply@perch.example")));
        return sink;
    }

    int count() {
        return server.getReceivedMessages().length;
    }

    /** The recipients of the mails, in the order of the mails. */
    List<String> mailboxes() {
        return Stream.of(server.getReceivedMessages())
                .map(message -> GreenMailUtil.getAddressList(recipients(message)))
                .toList();
    }

    private static Address[] recipients(MimeMessage message) {
        try {
            return message.getAllRecipients();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The code in the mail of this number, from 1. */
    String code(int number) {
        await().atMost(TIMEOUT).until(() -> count() >= number);
        String text = GreenMailUtil.getBody(server.getReceivedMessages()[number - 1]);
        Matcher code = CODE.matcher(text);
        assertTrue(code.find(), text);
        return code.group(1) + code.group(2);
    }

    /** The code in the mail to this address. */
    String codeFor(String address) {
        await().atMost(TIMEOUT).until(() -> mailboxes().contains(address));
        return code(mailboxes().indexOf(address) + 1);
    }

    /** Waits for a mail with this subject, and returns its number, from 1. */
    int waitFor(String subject) {
        await().atMost(TIMEOUT).until(() -> subjects().contains(subject));
        return subjects().indexOf(subject) + 1;
    }

    private List<String> subjects() {
        return Stream.of(server.getReceivedMessages()).map(MailSink::subject).toList();
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The plain text of the mail of this number, from 1. */
    String text(int number) {
        await().atMost(TIMEOUT).until(() -> count() >= number);
        try {
            Multipart parts = (Multipart) server.getReceivedMessages()[number - 1].getContent();
            return (String) parts.getBodyPart(0).getContent();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of the pattern's group in the text of the mail with this number. */
    String part(int number, String pattern) {
        String text = text(number);
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group(1);
    }

    /** Waits for a number of mails and deletes them. Fails if there are more. */
    void swallow(int mails) {
        await().atMost(TIMEOUT).until(() -> count() >= mails);
        assertEquals(mails, count());
        try {
            server.purgeEmailFromAllMailboxes();
        } catch (FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
