package io.perch.keycloak.authapi;

import io.perch.keycloak.request.FormRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakContext;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/** Runs one of Keycloak's own endpoints within a call. */
final class Endpoint {

    private Endpoint() {}

    /**
     * What the endpoint answers to this form, be it by a response or by an exception.
     *
     * @throws ProblemException where it refuses the web origin
     */
    static Response run(Call call, MultivaluedMap<String, String> form, Supplier<Response> endpoint) {
        KeycloakContext context = call.session().getContext();
        HttpRequest request = context.getHttpRequest();
        context.setHttpRequest(FormRequest.of(request, form));
        try {
            return endpoint.get();
        } catch (ForbiddenException e) {
            throw call.origins().refuse();
        } catch (WebApplicationException e) {
            return e.getResponse();
        } finally {
            context.setHttpRequest(request);
        }
    }

    /** The problem for an endpoint's refusal, with its challenge where it has one. */
    static ProblemException refused(Response response) {
        int status = response.getStatus();
        Problem problem = response.getEntity() instanceof OAuth2ErrorRepresentation error
                ? Problem.ofOAuth(status, error.getError(), error.getErrorDescription())
                : Problem.of(status == 401 ? ProblemType.INVALID_CLIENT : ProblemType.INVALID_REQUEST);
        String challenge = response.getHeaderString(HttpHeaders.WWW_AUTHENTICATE);
        return challenge == null
                ? ProblemException.of(problem)
                : ProblemException.of(problem, HttpHeaders.WWW_AUTHENTICATE, challenge);
    }
}
