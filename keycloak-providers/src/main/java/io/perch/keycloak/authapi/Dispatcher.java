package io.perch.keycloak.authapi;

import io.perch.keycloak.request.AnswerTime;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.http.HttpResponse;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Finds the route of a request and runs its handler. Every error becomes a problem of RFC 9457. */
final class Dispatcher {

    private static final Logger LOG = Logger.getLogger(Dispatcher.class);

    private final KeycloakSession session;
    private final Settings settings;
    private final Origins origins;
    private final AnswerTime answerTime = new AnswerTime();

    Dispatcher(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
        this.origins = new Origins(session);
    }

    Response answer(String method, String path, InputStream body) {
        HttpResponse headers = session.getContext().getHttpResponse();
        headers.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.setHeader("Pragma", "no-cache");
        Response response = run(method, path, body);
        origins.write(response.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL);
        return response;
    }

    private Response run(String method, String path, InputStream body) {
        try {
            return route(method, path, body);
        } catch (ProblemException e) {
            e.headers().forEach(session.getContext().getHttpResponse()::setHeader);
            return Answers.of(e.problem());
        } catch (WebApplicationException e) {
            return e.getResponse().getStatus() == ProblemType.TEMPORARILY_UNAVAILABLE.status()
                    ? Answers.of(Problem.of(ProblemType.TEMPORARILY_UNAVAILABLE))
                    : failure(method, path, e);
        } catch (RuntimeException e) {
            return failure(method, path, e);
        }
    }

    private Response failure(String method, String path, RuntimeException e) {
        // Without the path, which may contain line breaks
        String instance = "urn:uuid:" + UUID.randomUUID();
        LOG.errorf(e, "auth_api_error instance=%s method=%s call=%s", instance, method, call(path));
        session.getTransactionManager().setRollbackOnly();
        return Answers.of(Problem.internal(instance));
    }

    private Response route(String method, String path, InputStream body) {
        List<Route> routes = Routes.at(path);
        if (!isOn() || routes.isEmpty()) {
            throw ProblemException.of(ProblemType.NOT_FOUND);
        }
        if (method.equals("OPTIONS")) {
            return origins.preflight(methods(routes).toArray(String[]::new));
        }
        Route route = routes.stream()
                .filter(candidate -> candidate.method().equals(method.equals("HEAD") ? "GET" : method))
                .findFirst()
                .orElseThrow(() -> notAllowed(routes));
        checkTransport();
        checkTypes(route);
        Map<String, String> variables =
                route.match(path.substring(Routes.VERSION.length())).orElseThrow();
        try {
            return route.handler().answer(new Call(session, settings, origins, body, variables));
        } finally {
            if (route.fixedTime()) {
                answerTime.await(settings.answerTime(), 0);
            }
        }
    }

    private static String call(String path) {
        return Routes.at(path).stream().findFirst().map(Route::path).orElse("none");
    }

    private boolean isOn() {
        RealmModel realm = session.getContext().getRealm();
        return realm.isEnabled() && settings.isOnIn(realm);
    }

    private static ProblemException notAllowed(List<Route> routes) {
        return ProblemException.of(
                Problem.of(ProblemType.METHOD_NOT_ALLOWED),
                HttpHeaders.ALLOW,
                String.join(", ", methods(routes).toList()));
    }

    private static Stream<String> methods(List<Route> routes) {
        return Stream.concat(routes.stream().map(Route::method), Stream.of("OPTIONS"));
    }

    private void checkTransport() {
        boolean https = session.getContext().getUri().getBaseUri().getScheme().equals("https");
        if (!https
                && session.getContext()
                        .getRealm()
                        .getSslRequired()
                        .isRequired(session.getContext().getConnection())) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "HTTPS is needed");
        }
    }

    private void checkTypes(Route route) {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        if (route.hasBody() && !isJson(header(headers, HttpHeaders.CONTENT_TYPE))) {
            throw ProblemException.of(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        }
        if (!acceptsJson(header(headers, HttpHeaders.ACCEPT))) {
            throw ProblemException.of(ProblemType.NOT_ACCEPTABLE);
        }
    }

    private static String header(HttpHeaders headers, String name) {
        List<String> values = headers.getRequestHeaders().get(name);
        return values == null ? "" : String.join(",", values);
    }

    private static boolean isJson(String contentType) {
        return compatible(contentType, Answers.JSON);
    }

    // A quality of 0 is ignored: a client that accepts everything except JSON still gets JSON
    private static boolean acceptsJson(String accept) {
        return accept.isBlank()
                || Stream.of(accept.split(","))
                        .anyMatch(range -> compatible(range, Answers.JSON) || compatible(range, Answers.PROBLEM));
    }

    private static boolean compatible(String text, MediaType wanted) {
        try {
            return MediaType.valueOf(text.strip()).isCompatible(wanted);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
