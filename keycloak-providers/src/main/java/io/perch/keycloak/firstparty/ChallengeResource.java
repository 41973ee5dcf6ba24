package io.perch.keycloak.firstparty;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;

/** Where Jakarta REST hands over. */
public final class ChallengeResource {

    private static final int METHOD_NOT_ALLOWED = 405;

    private final KeycloakSession session;
    private final Settings settings;

    ChallengeResource(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
    }

    /** The authorization challenge request (draft-ietf-oauth-first-party-apps-04, section 5.1). */
    @POST
    public Response post() {
        return new ChallengeEndpoint(session, settings).answer();
    }

    /** A request in an address would leave credentials in logs (draft, section 4.1: requests are POST). */
    @GET
    public Response get() {
        session.getContext().getHttpResponse().setHeader(HttpHeaders.ALLOW, "POST");
        return ChallengeAnswer.error(METHOD_NOT_ALLOWED, OAuthErrorException.INVALID_REQUEST, "Requests are POST");
    }
}
