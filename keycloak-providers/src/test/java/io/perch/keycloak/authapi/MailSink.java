package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mail server that keeps what a realm sends; {@link #close} stops it. */
final class MailSink implements AutoCloseable {

    private static final Pattern CODE = Pattern.compile("(?<![\\w#=])(\\d{3})[ -]?(\\d{3})(?![\\w;])");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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

    /** The code in the mail of this number, from 1. */
    String code(int number) {
        await().atMost(PATIENCE).until(() -> count() >= number);
        String text = GreenMailUtil.getBody(server.getReceivedMessages()[number - 1]);
        Matcher code = CODE.matcher(text);
        assertTrue(code.find(), text);
        return code.group(1) + code.group(2);
    }

    /** Waits for the next mail, and throws it away. */
    void swallow() {
        assertTrue(server.waitForIncomingEmail(PATIENCE.toMillis(), 1), "no mail came");
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
