package io.perch.keycloak.authapi;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.keycloak.models.KeycloakSession;

/**
 * The Jakarta REST resource for every method and every path below {@code auth-api}.
 *
 * <p>One resource receives all requests. So an unknown path, a wrong method and a wrong content type are answered by a problem of
 * RFC 9457 too. Otherwise Jakarta REST would refuse them, and Keycloak would write its own answers.
 */
public final class AuthApiResource {

    private static final String ANY = "{path:.*}";

    private final KeycloakSession session;
    private final Settings settings;

    AuthApiResource(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
    }

    @GET
    @Path(ANY)
    public Response get(@PathParam("path") String path) {
        return answer("GET", path, InputStream.nullInputStream());
    }

    @HEAD
    @Path(ANY)
    public Response head(@PathParam("path") String path) {
        return answer("HEAD", path, InputStream.nullInputStream());
    }

    @POST
    @Path(ANY)
    public Response post(@PathParam("path") String path, InputStream body) {
        return answer("POST", path, body);
    }

    @PUT
    @Path(ANY)
    public Response put(@PathParam("path") String path, InputStream body) {
        return answer("PUT", path, body);
    }

    @PATCH
    @Path(ANY)
    public Response patch(@PathParam("path") String path) {
        return answer("PATCH", path, InputStream.nullInputStream());
    }

    @DELETE
    @Path(ANY)
    public Response delete(@PathParam("path") String path) {
        return answer("DELETE", path, InputStream.nullInputStream());
    }

    @OPTIONS
    @Path(ANY)
    public Response options(@PathParam("path") String path) {
        return answer("OPTIONS", path, InputStream.nullInputStream());
    }

    private Response answer(String method, String path, InputStream body) {
        return new Dispatcher(session, settings).answer(method, path, body);
    }
}
