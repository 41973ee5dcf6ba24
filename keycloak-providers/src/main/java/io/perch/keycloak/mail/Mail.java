package io.perch.keycloak.mail;

import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSession;

/** A mail to send. Its {@code toString} is written to logs, so it must not contain secrets. */
public interface Mail {

    /**
     * Sends the mail. Does nothing if it is no longer needed.
     *
     * @param session the session of this attempt, with its own transaction and without a realm
     * @return whether the mail was sent
     * @throws EmailException if the mail could not be sent; it may be retried
     */
    boolean send(KeycloakSession session) throws EmailException;

    /** Called after the last failed attempt, with its session, to report the failure. */
    void givenUp(KeycloakSession session, EmailException reason);
}
