package io.perch.keycloak.mail;

import java.time.Duration;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Sends mails, and retries failed ones. */
public final class MailSender {

    private static final Logger LOG = Logger.getLogger(MailSender.class);

    private final KeycloakSessionFactory sessions;
    private final MailQueue mailQueue;
    private final int retries;
    private final int retryDelay;

    /**
     * Creates a sender.
     *
     * @param retries how often a mail that could not be sent is retried
     * @param retryDelay seconds before the first retry; each further retry waits four times as long
     */
    public MailSender(KeycloakSessionFactory sessions, MailQueue mailQueue, int retries, int retryDelay) {
        this.sessions = sessions;
        this.mailQueue = mailQueue;
        this.retries = retries;
        this.retryDelay = retryDelay;
    }

    /** Sends a mail at once, in this thread. Retries run in the queue. */
    public void deliver(Mail mail) {
        deliver(mail, 0);
    }

    private void deliver(Mail mail, int failures) {
        KeycloakModelUtils.runJobInTransaction(sessions, session -> {
            try {
                if (mail.send(session)) {
                    mailQueue.metrics().sent();
                }
            } catch (EmailException e) {
                if (failures < retries) {
                    LOG.debugf("Mail not sent, is tried again: %s: %s", mail, e.getMessage());
                    mailQueue.metrics().retried();
                    mailQueue.in(delay(failures), () -> deliver(mail, failures + 1));
                } else {
                    LOG.errorf(e, "Mail not sent, given up after %d failures: %s", failures + 1, mail);
                    mailQueue.metrics().givenUp();
                    mail.givenUp(session, e);
                }
            }
        });
    }

    private Duration delay(int failures) {
        return Duration.ofSeconds(retryDelay * (1L << (2 * failures)));
    }
}
