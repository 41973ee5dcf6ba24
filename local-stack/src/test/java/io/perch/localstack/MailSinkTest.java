package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailSinkTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8));

    @TempDir
    private Path temporary;

    @Test
    void aMailIsPrintedAsTextAndStoredUnchanged() throws Exception {
        int port = freePort();
        try (var data = DataDirectory.lock(temporary)) {
            var sink = new MailSink(data, port, console);
            sink.start();
            assertThat(sink.isAlive()).isTrue();
            send(port, "Grüße: your code", "Your code is 123456\u001b[31m\n", "<b>123456</b>");
            sink.stop();
            assertThat(sink.isAlive()).isFalse();
        }

        await().untilAsserted(() -> assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "    From: Perch <no-reply@perch.example>",
                        "    To: alice@perch.example",
                        "    Subject: Grüße: your code",
                        "    Your code is 123456[31m")
                .doesNotContain("<b>", "\u001b"));
        try (var mails = Files.list(temporary.resolve("mail"))) {
            assertThat(mails).singleElement().satisfies(mail -> {
                assertThat(mail.getFileName().toString()).endsWith("-001-alice@perch.example.eml");
                assertThat(mail).content().contains("<b>123456</b>");
            });
        }
    }

    private static void send(int port, String subject, String text, String html) throws MessagingException {
        var settings = new Properties();
        settings.put("mail.smtp.host", "127.0.0.1");
        settings.put("mail.smtp.port", Integer.toString(port));
        var plainPart = new MimeBodyPart();
        plainPart.setText(text, "UTF-8");
        var htmlPart = new MimeBodyPart();
        htmlPart.setText(html, "UTF-8", "html");
        var mail = new MimeMessage(Session.getInstance(settings));
        mail.setFrom(new InternetAddress("Perch <no-reply@perch.example>"));
        mail.setRecipient(RecipientType.TO, new InternetAddress("alice@perch.example"));
        mail.setSubject(subject, "UTF-8");
        mail.setContent(new MimeMultipart("alternative", plainPart, htmlPart));
        Transport.send(mail);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
