package io.perch.keycloak.authapi;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.cors.Cors;

/** CORS: only the client's web origins may call the API and read answers. The check is possible once the client is known. */
final class Origins {

    private final KeycloakSession session;
    private boolean refused;
    private boolean known;
    private Cors cors;

    Origins(KeycloakSession session) {
        this.session = session;
        this.cors = cors();
    }

    /**
     * Checks that the request's origin is one of the client's web origins.
     *
     * @throws ProblemException if it is not
     */
    void admit(ClientModel client) {
        check(() -> cors.checkAllowedOrigins(session, client));
    }

    /**
     * Checks that the request's origin is one of the token's web origins, or of its client's if the token has none.
     *
     * @throws ProblemException if it is not
     */
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

    /** The refusal of another origin. After that no page can read the answer. */
    ProblemException refuse() {
        refused = true;
        return ProblemException.of(ProblemType.FORBIDDEN, "The client has no such web origin");
    }

    Cors cors() {
        Cors fresh = session.getProvider(Cors.class);
        return fresh.auth().exposedHeaders("Allow", "Retry-After", "WWW-Authenticate");
    }

    /** Answers a preflight request for any origin, as Keycloak does, because the client is not known yet. */
    Response preflight(String... methods) {
        refused = true; // write() must add no headers: the preflight has them already
        Cors preflight = session.getProvider(Cors.class);
        return preflight.auth().preflight().allowedMethods(methods).add(Response.noContent());
    }

    /** Writes the headers that allow a page to read the answer. If the client is not known, any page can read an error. */
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
