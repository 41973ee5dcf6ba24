package io.perch.resourceserver.oldroutes;

import io.perch.resourceserver.security.ForwardedRequests;
import io.perch.resourceserver.security.TokenCookie;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Creates the routes of the table. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("perch.old-routes.enabled")
class OldRoutesConfiguration {

    private static final Logger log = LoggerFactory.getLogger(OldRoutesConfiguration.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    @Bean
    ForwardedRequests oldRouteRequests() {
        return new ForwardedRequests(paths(route -> true), paths(OldRoute::withToken));
    }

    /** Matches the same path as the routes do, so that no other request is permitted. */
    private static RequestMatcher paths(Predicate<OldRoute> which) {
        Set<String> paths =
                OldRoutes.ALL.stream().filter(which).map(OldRoute::path).collect(Collectors.toUnmodifiableSet());
        return request -> paths.contains(
                request.getRequestURI().substring(request.getContextPath().length()));
    }

    @Bean
    ClientAddress clientAddress() {
        return new ClientAddress();
    }

    @Bean
    RouterFunction<ServerResponse> oldRoutes(OldRoutesProperties properties, JsonMapper json, TokenCookie cookie) {
        RegistrationProof proof = new RegistrationProof(cookie, properties.unprovenVerification());
        RequestRewrite request = new RequestRewrite(properties.authApi(), json, cookie, proof);
        ResponseRewrite response = new ResponseRewrite(json, cookie, proof);
        RouterFunctions.Builder routes = RouterFunctions.route();
        // One look-up for every request of this server, so that other requests are not matched against each route
        return RouterFunctions.nest(known -> OldRoutes.havePath(known.path()), routes(routes, request, response));
    }

    private static RouterFunction<ServerResponse> routes(
            RouterFunctions.Builder routes, RequestRewrite request, ResponseRewrite response) {
        for (OldRoute route : OldRoutes.ALL) {
            routes.add(RouterFunctions.route()
                    .route(
                            RequestPredicates.methods(route.methods().toArray(HttpMethod[]::new))
                                    .and(at(route.path())),
                            HandlerFunctions.http())
                    .before(old -> request.of(route, old))
                    .after((old, answered) -> response.of(route, old, answered))
                    .build());
        }
        return routes.add(otherMethods())
                .onError(ProblemException.class, (problem, old) -> answer((ProblemException) problem))
                .onError(ResourceAccessException.class, (away, old) -> {
                    log.warn("Keycloak does not answer: {}", away.getMessage());
                    return answer(new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Keycloak does not answer")
                            .retryAfter(RETRY_DELAY));
                })
                .build();
    }

    /** Without these routes, a request with another method would be 404 instead of 405. */
    private static RouterFunction<ServerResponse> otherMethods() {
        RouterFunctions.Builder others = RouterFunctions.route();
        OldRoutes.ALL.stream()
                .collect(Collectors.groupingBy(
                        OldRoute::path,
                        Collectors.flatMapping(
                                route -> route.methods().stream().map(HttpMethod::name), Collectors.toList())))
                .forEach((path, methods) -> others.route(at(path), request -> notAllowed(methods)));
        return others.build();
    }

    private static RequestPredicate at(String path) {
        return request -> request.path().equals(path);
    }

    private static ServerResponse notAllowed(List<String> methods) {
        ProblemException problem = new ProblemException(
                ProblemType.METHOD_NOT_ALLOWED, "This path accepts only " + String.join(", ", methods));
        problem.getHeaders().set(HttpHeaders.ALLOW, String.join(", ", methods));
        return answer(problem);
    }

    private static ServerResponse answer(ProblemException problem) {
        return ServerResponse.status(problem.getStatusCode())
                .headers(headers -> headers.putAll(problem.getHeaders()))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.getBody());
    }
}
