package io.perch.console.forward;

import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.stripPrefix;
import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.uri;
import static org.springframework.web.servlet.function.RequestPredicates.method;
import static org.springframework.web.servlet.function.RequestPredicates.path;

import io.perch.console.session.Sessions;
import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.ProblemException;
import io.perch.console.web.ProblemType;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.config.GatewayMvcProperties;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.cloud.gateway.server.mvc.handler.RestClientProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Routes the calls in the lists of {@link ForwardedCall}. */
@Configuration(proxyBeanMethods = false)
class ForwardConfiguration {

    private static final Logger log = LoggerFactory.getLogger(ForwardConfiguration.class);

    /** Request attribute: whether the response is an event stream. */
    private static final String EVENT_STREAM = ForwardConfiguration.class.getName() + ".eventStream";

    private static final Duration CALL_TOKEN_LIFETIME = Duration.ofSeconds(30);

    /** An event stream ends when its token expires. So it starts with a token that is valid for at least this time. */
    private static final Duration STREAM_TOKEN_LIFETIME = Duration.ofMinutes(5);

    private static HttpClient client(ForwardProperties properties) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(properties.connectTimeout())
                .build();
    }

    @Bean
    EventStreamRequests eventStreamRequests(ForwardProperties properties) {
        return new EventStreamRequests(client(properties), properties.readTimeout(), properties.streamIdle());
    }

    /** A read timeout applies to the whole body, so event streams use a client without one. */
    @Bean
    ProxyExchange proxyExchange(
            ForwardProperties properties, EventStreamRequests eventStreams, GatewayMvcProperties gateway) {
        JdkClientHttpRequestFactory limited = new JdkClientHttpRequestFactory(client(properties));
        limited.setReadTimeout(properties.readTimeout());
        ProxyExchange calls = new RestClientProxyExchange(
                RestClient.create().mutate().requestFactory(limited).build(), gateway);
        ProxyExchange streams = new RestClientProxyExchange(
                RestClient.create().mutate().requestFactory(eventStreams).build(), gateway);
        return request -> request.getServerRequest().attribute(EVENT_STREAM).isPresent()
                ? streams.exchange(request)
                : calls.exchange(request);
    }

    @Bean
    RouterFunction<ServerResponse> forwardedCalls(
            ForwardProperties properties, Sessions sessions, ConsoleProperties console) {
        RouterFunctions.Builder routes = RouterFunctions.route();
        for (ForwardedCall call : ForwardedCall.OF_API) {
            routes.add(route("/api", call, sessions, properties, console)
                    .before(stripPrefix(1))
                    .before(uri(properties.apiUri()))
                    .build());
        }
        URI authApi = properties.authApi();
        for (ForwardedCall call : ForwardedCall.OF_AUTH_API) {
            routes.add(route("/auth", call, sessions, properties, console)
                    .before(below(authApi))
                    .before(uri(authApi))
                    .build());
        }
        return routes.add(otherMethods("/api", ForwardedCall.OF_API))
                .add(otherMethods("/auth", ForwardedCall.OF_AUTH_API))
                .onError(ProblemException.class, (problem, request) -> answer((ProblemException) problem))
                .onError(ResourceAccessException.class, (away, request) -> {
                    log.warn("No answer to {}: {}", request.path(), away.getMessage());
                    return answer(ProblemException.unavailable("A server behind the console"));
                })
                .build();
    }

    private static RouterFunctions.Builder route(
            String prefix,
            ForwardedCall call,
            Sessions sessions,
            ForwardProperties properties,
            ConsoleProperties console) {
        return RouterFunctions.route()
                .route(method(call.method()).and(path(prefix + call.path())), HandlerFunctions.http())
                .before(request -> checked(call, request, properties, console))
                .before(request -> withToken(call, request, sessions))
                .after((request, response) -> unlessEnded(request, response, sessions));
    }

    private static ServerRequest checked(
            ForwardedCall call, ServerRequest request, ForwardProperties properties, ConsoleProperties console) {
        if (console.readOnly() && call.changesDataOfOthers()) {
            throw new ProblemException(
                    ProblemType.READ_ONLY, "The console is read-only. It refuses changes to data of other users");
        }
        ServerRequest.Headers headers = request.headers();
        long length = headers.contentLength().orElse(0);
        if (length > properties.maxBody().toBytes()) {
            throw new ProblemException(
                    ProblemType.CONTENT_TOO_LARGE,
                    "The body may have at most " + properties.maxBody().toKilobytes() + " KiB");
        }
        // A form of another site can send any other content type without a preflight request
        boolean hasBody =
                length != 0 || !headers.header(HttpHeaders.TRANSFER_ENCODING).isEmpty();
        boolean json = headers.contentType()
                .filter(MediaType.APPLICATION_JSON::equalsTypeAndSubtype)
                .isPresent();
        if (hasBody && !json) {
            throw new ProblemException(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON");
        }
        return request;
    }

    private static ServerRequest withToken(ForwardedCall call, ServerRequest request, Sessions sessions) {
        boolean stream = call.isEventStream();
        request.attributes()
                .put(
                        RequestHeaders.ACCESS_TOKEN,
                        sessions.accessToken(
                                request.servletRequest(), stream ? STREAM_TOKEN_LIFETIME : CALL_TOKEN_LIFETIME));
        if (stream) {
            request.attributes().put(EVENT_STREAM, true);
        }
        return request;
    }

    /** If an API refuses a valid token, the session of the token has ended (RFC 6750, section 3.1). */
    private static ServerResponse unlessEnded(ServerRequest request, ServerResponse response, Sessions sessions) {
        if (!response.statusCode().isSameCodeAs(HttpStatus.UNAUTHORIZED)
                || !(request.attributes().get(MvcUtils.CLIENT_RESPONSE_ATTR) instanceof ClientHttpResponse answer)) {
            return response;
        }
        boolean tokenRefused = answer.getHeaders().getOrEmpty(HttpHeaders.WWW_AUTHENTICATE).stream()
                .anyMatch(challenge -> challenge.contains("invalid_token"));
        if (!tokenRefused) {
            return response;
        }
        answer.close();
        sessions.end(request.servletRequest());
        return answer(ProblemException.sessionEnded());
    }

    /** Replaces {@code /auth/} with the path of the auth API: {@code /auth/me} becomes {@code .../auth-api/v1/me}. */
    private static Function<ServerRequest, ServerRequest> below(URI base) {
        return request -> ServerRequest.from(request)
                .uri(URI.create(request.uri().toString().replaceFirst("/auth/", base.getRawPath() + "/")))
                .build();
    }

    private static RouterFunction<ServerResponse> otherMethods(String prefix, List<ForwardedCall> calls) {
        RouterFunctions.Builder others = RouterFunctions.route();
        calls.stream()
                .collect(Collectors.groupingBy(
                        ForwardedCall::path, Collectors.mapping(ForwardedCall::method, Collectors.toList())))
                .forEach((path, methods) -> others.route(path(prefix + path), request -> notAllowed(methods)));
        return others.build();
    }

    private static ServerResponse notAllowed(List<HttpMethod> methods) {
        String names = methods.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        ProblemException problem =
                new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This path accepts only " + names);
        problem.getHeaders().set(HttpHeaders.ALLOW, names);
        return answer(problem);
    }

    private static ServerResponse answer(ProblemException problem) {
        return ServerResponse.status(problem.getStatusCode())
                .headers(headers -> headers.putAll(problem.getHeaders()))
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.getBody());
    }
}
