package io.perch.systemtests.client;

import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** The mails that the system under test has sent to one address. */
public final class Mailbox {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern CODE = Pattern.compile("(?m)^\\s*(\\d{6})\\s*$");
    private static final Pattern RESET_LINK = Pattern.compile("/reset-password\\?token=([^\\s\"<>&]+)");

    private final SentMails sent;
    private final String address;

    private Mailbox(SentMails sent, String address) {
        this.sent = sent;
        this.address = address;
    }

    /** Opens a mailbox. Skips the test if the tests cannot read the system's mails. */
    public static Mailbox of(PerchSystem system, String address) {
        Optional<SentMails> sent = system.dataDirectory()
                .<SentMails>map(data -> new MailFiles(data.resolve("mail")))
                .or(() -> system.mailpit().map(Mailpit::new));
        Assumptions.assumeTrue(sent.isPresent(), "the mails of this system cannot be read");
        return new Mailbox(sent.orElseThrow(), address);
    }

    /** Waits for the n-th mail with a code (from 1) and returns the code. */
    public String awaitCode(int number) {
        return await().atMost(TIMEOUT)
                .until(this::codes, found -> found.size() >= number)
                .get(number - 1);
    }

    /** Waits for the first mail and returns its text. */
    public String awaitText() {
        return await().atMost(TIMEOUT)
                .until(() -> sent.to(address), mails -> !mails.isEmpty())
                .get(0);
    }

    /** Waits for the first mail with a password reset link and returns the link's token. */
    public String awaitResetToken() {
        String token = await().atMost(TIMEOUT)
                .until(() -> found(RESET_LINK), found -> !found.isEmpty())
                .get(0);
        return URLDecoder.decode(token, StandardCharsets.UTF_8);
    }

    /** Returns the codes received so far, oldest first. */
    public List<String> codes() {
        return found(CODE);
    }

    /** The first match in each mail, oldest first. */
    private List<String> found(Pattern pattern) {
        return sent.to(address).stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
    }
}
