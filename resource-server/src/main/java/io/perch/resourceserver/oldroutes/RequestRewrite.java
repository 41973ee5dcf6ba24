package io.perch.resourceserver.oldroutes;

import io.perch.resourceserver.security.TokenCookie;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.filter.BodyFilterFunctions;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts requests of old clients to calls of the auth API. */
final class RequestRewrite {

    private static final List<MediaType> JSON =
            List.of(MediaType.APPLICATION_JSON, MediaType.parseMediaType("application/*+json"));
    private static final List<MediaType> FORMS =
            List.of(MediaType.APPLICATION_FORM_URLENCODED, MediaType.MULTIPART_FORM_DATA);
    private static final List<String> FORWARDED_HEADERS = List.of(HttpHeaders.ACCEPT_LANGUAGE, HttpHeaders.USER_AGENT);

    private final URI authApi;
    private final JsonMapper json;
    private final TokenCookie cookie;
    private final RegistrationProof proof;

    RequestRewrite(URI authApi, JsonMapper json, TokenCookie cookie, RegistrationProof proof) {
        this.authApi = authApi;
        this.json = json;
        this.cookie = cookie;
        this.proof = proof;
    }

    /**
     * Returns the call for a request.
     *
     * @throws ProblemException if the request has another media type than the route, or is not readable
     */
    ServerRequest of(OldRoute route, ServerRequest request) {
        MvcUtils.putAttribute(request, MvcUtils.GATEWAY_REQUEST_URL_ATTR, authApi);
        boolean hasBody = route.bodyType() != null;
        byte[] body = hasBody ? json.writeValueAsBytes(body(route, request)) : new byte[0];
        ServerRequest call = ServerRequest.from(request)
                // GET also for HEAD: the response's headers are the same
                .method(route.method())
                .uri(UriComponentsBuilder.fromUri(authApi)
                        .path(route.call())
                        .build(true)
                        .toUri())
                .params(parameters -> {
                    parameters.clear();
                    if (!hasBody) {
                        parameters.putAll(query(route, request));
                    }
                })
                .headers(headers -> {
                    headers.clear();
                    headers.putAll(headers(route, request, hasBody));
                })
                .build();
        // Also if it is empty. Otherwise the body of a client's GET would be forwarded
        MvcUtils.putAttribute(call, MvcUtils.CACHED_REQUEST_BODY_ATTR, new ByteArrayInputStream(body));
        return BodyFilterFunctions.adaptCachedBody().apply(call);
    }

    private ObjectNode body(OldRoute route, ServerRequest request) {
        MediaType form = MediaType.APPLICATION_FORM_URLENCODED;
        ObjectNode call =
                form.equals(route.bodyType()) ? form(route, request) : FieldNames.toCall(json(request), route.fields());
        proof.addTo(call, route, request.servletRequest());
        return call;
    }

    private JsonNode json(ServerRequest request) {
        byte[] body = bytes(request);
        Optional<MediaType> type = request.headers().contentType();
        // Logout needs no field, so some clients send no body and no media type
        if (body.length == 0 && type.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (type.filter(given -> isOneOf(JSON, given)).isEmpty()) {
            throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The request body must be JSON");
        }
        try {
            JsonNode object = json.readTree(body);
            if (object != null && object.isObject()) {
                return object;
            }
        } catch (JacksonException e) {
            // Its message contains a part of the body, which may be a password
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The request body is not valid JSON");
        }
        throw new ProblemException(ProblemType.INVALID_REQUEST, "The request body is not a JSON object");
    }

    private static boolean isOneOf(List<MediaType> types, MediaType given) {
        return types.stream().anyMatch(type -> type.includes(given));
    }

    private static byte[] bytes(ServerRequest request) {
        try {
            return request.servletRequest().getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode form(OldRoute route, ServerRequest request) {
        if (request.headers()
                .contentType()
                .filter(given -> isOneOf(FORMS, given))
                .isEmpty()) {
            throw new ProblemException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The request body must be a form (application/x-www-form-urlencoded or multipart/form-data)");
        }
        if (request.servletRequest().getQueryString() != null) {
            // A password in a query would be in the logs of proxies
            throw new ProblemException(ProblemType.INVALID_REQUEST, "This path accepts no query, only a form");
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        request.params().forEach((name, values) -> {
            if (values.size() > 1 && route.fields().containsKey(name)) {
                throw new ProblemException(ProblemType.INVALID_REQUEST, "A field of the form is repeated");
            }
            fields.put(name, values.get(0));
        });
        return FieldNames.toCall(fields, route.fields());
    }

    private static MultiValueMap<String, String> query(OldRoute route, ServerRequest request) {
        MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
        route.fields().forEach((old, name) -> request.param(old).ifPresent(value -> query.set(name, value)));
        return query;
    }

    private HttpHeaders headers(OldRoute route, ServerRequest request, boolean hasBody) {
        HttpHeaders given = request.headers().asHttpHeaders();
        HttpHeaders headers = new HttpHeaders();
        FORWARDED_HEADERS.forEach(
                name -> Optional.ofNullable(given.getFirst(name)).ifPresent(value -> headers.set(name, value)));
        headers.setAccept(List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON));
        if (hasBody) {
            headers.setContentType(MediaType.APPLICATION_JSON);
        }
        if (route.withToken()) {
            Optional.ofNullable(given.getFirst(HttpHeaders.AUTHORIZATION))
                    .or(() -> cookie.in(request.servletRequest()).map(token -> "Bearer " + token))
                    .ifPresent(value -> headers.set(HttpHeaders.AUTHORIZATION, value));
        }
        return headers;
    }
}
