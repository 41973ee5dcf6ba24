package io.perch.keycloak.authapi;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.cors.Cors;

/** Which web origins may call and read: those of the client, once it is known. */
final class Origins {

    private final KeycloakSession session;
    private boolean refused;
    private boolean known;
    private Cors cors;

    Origins(KeycloakSession session) {
        this.session = session;
        this.cors = cors();
    }

    /** Lets only the web origins of this client in. */
    void admit(ClientModel client) {
        check(() -> cors.checkAllowedOrigins(session, client));
    }

    /** Lets only the web origins that the token names in, or else those of its client. */
    void admit(AccessToken token) {
        check(() -> cors.checkAllowedOrigins(token));
    }

    private void check(Runnable origins) {
        known = true;
        try {
            origins.run();
        } catch (ForbiddenException e) {
            throw refuse();
        }
    }

    /** The refusal of a foreign origin, after which no page may read the answer. */
    ProblemException refuse() {
        refused = true;
        return ProblemException.of(ProblemType.FORBIDDEN, "The client has no such web origin");
    }

    Cors cors() {
        Cors fresh = session.getProvider(Cors.class);
        return fresh.auth().exposedHeaders("Allow", "Retry-After", "WWW-Authenticate");
    }

    /** Answers a preflight, as Keycloak does: before the client is known, for any origin. */
    Response preflight(String... methods) {
        refused = true; // its headers are there already
        Cors preflight = session.getProvider(Cors.class);
        return preflight.auth().preflight().allowedMethods(methods).add(Response.noContent());
    }

    /** Writes the headers that let a page read the answer; a failure before the client is known is for all to read. */
    void write(boolean success) {
        if (refused) {
            return;
        }
        if (!known && !success) {
            cors = cors().allowAllOrigins();
        }
        cors.add();
    }
}
