package io.perch.localstack;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An SMTP server in this JVM. It delivers no mail, but prints each one and stores it as a file. */
final class MailSink implements Component {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneId.systemDefault());
    private static final String MAILBOX = "everybody";

    private final DataDirectory data;
    private final int port;
    private final Console console;
    private final AtomicInteger count = new AtomicInteger();
    private @Nullable GreenMail server;

    MailSink(DataDirectory data, int port, Console console) {
        this.data = data;
        this.port = port;
        this.console = console;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public Path log() {
        return data.log(Main.OWN_LOG);
    }

    @Override
    public synchronized void start() throws IOException, UserException {
        var directory = data.directory("mail");
        var starting = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        var users = starting.getManagers().getUserManager();
        var mailbox = users.createUser(MAILBOX, MAILBOX, MAILBOX);
        users.setMessageDeliveryHandler((mail, recipient) -> {
            receive(mail, recipient, directory);
            deleteMails(starting);
            return mailbox;
        });
        server = starting;
        starting.start();
    }

    private void receive(MovingMessage mail, MailAddress recipient, Path directory) throws MessagingException {
        try {
            var kept = keep(mail, recipient, directory);
            console.say(
                    name(),
                    "received a mail, saved as " + kept + System.lineSeparator()
                            + ReceivedMail.of(mail.getMessage()).printed());
        } catch (IOException e) {
            throw new MessagingException("The mail cannot be kept", e);
        }
    }

    private Path keep(MovingMessage mail, MailAddress recipient, Path directory)
            throws IOException, MessagingException {
        var name = "%s-%03d-%s"
                .formatted(
                        TIME.format(Instant.now()),
                        count.incrementAndGet(),
                        recipient.getEmail().replaceAll("[^A-Za-z0-9@._+-]", "_"));
        var draft = directory.resolve(name + ".new");
        try (var out = Files.newOutputStream(draft)) {
            mail.getMessage().writeTo(out);
        }
        return Files.move(draft, directory.resolve(name + ".eml"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The server keeps every mail in memory. Perch needs only the files. */
    private static void deleteMails(GreenMail server) {
        try {
            server.purgeEmailFromAllMailboxes();
        } catch (FolderException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return server != null && server.isRunning();
    }

    @Override
    public synchronized void stop() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }
}
