package io.perch.keycloak.mail;

import org.keycloak.email.EmailException;
import org.keycloak.models.KeycloakSession;

/** A mail that is to go out, or no longer. Its {@code toString} stands in logs: it names nobody's secrets. */
public interface Mail {

    /**
     * Sends it, or does nothing where it has become pointless.
     *
     * @param session for this attempt alone, with a transaction of its own and without a realm
     * @throws EmailException where it may be tried again
     */
    void send(KeycloakSession session) throws EmailException;

    /** Says so to who must know, in the session of the last attempt. */
    void givenUp(KeycloakSession session, EmailException reason);
}
