package io.perch.resourceserver.oldroutes;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.perch.resourceserver.oldroutes.OldRoute.Answer;
import io.perch.resourceserver.oldroutes.OldRoute.Cookie;
import io.perch.resourceserver.oldroutes.OldRoute.Proof;
import io.perch.resourceserver.security.TokenCookie;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts the auth API's responses for old clients. */
final class ResponseRewrite {

    private static final List<String> TOKENS =
            List.of("access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in", "scope");
    private static final List<String> FORWARDED_HEADERS =
            List.of(HttpHeaders.RETRY_AFTER, HttpHeaders.WWW_AUTHENTICATE);

    private static final Logger log = LoggerFactory.getLogger(ResponseRewrite.class);

    private final JsonMapper json;
    private static final String PASSWORD_REMOVED =
            ". The password was removed, because nothing proves that you chose it: choose a new one";

    private final TokenCookie cookie;
    private final RegistrationProof proof;

    ResponseRewrite(JsonMapper json, TokenCookie cookie, RegistrationProof proof) {
        this.json = json;
        this.cookie = cookie;
        this.proof = proof;
    }

    /** Returns the response for the old client. */
    ServerResponse of(OldRoute route, ServerRequest request, ServerResponse answered) {
        HttpStatusCode status = answered.statusCode();
        JsonNode answer = body(request, status.is2xxSuccessful());
        HttpHeaders headers = new HttpHeaders();
        FORWARDED_HEADERS.forEach(
                name -> headers.addAll(name, answered.headers().getOrEmpty(name)));
        headers.setCacheControl("no-store");
        if (route.cookie() == Cookie.DELETE) {
            headers.add(HttpHeaders.SET_COOKIE, cookie.deletion(request.servletRequest()));
        }
        if (!status.is2xxSuccessful()) {
            return answer(
                    status,
                    headers,
                    MediaType.APPLICATION_PROBLEM_JSON,
                    FieldNames.toOldProblem(answer, route.fields()));
        }
        if (route.cookie() == Cookie.SET && answer.has("access_token")) {
            headers.add(HttpHeaders.SET_COOKIE, cookie(request, answer));
        }
        proof.cookieFor(route, answer, request.servletRequest())
                .ifPresent(value -> headers.add(HttpHeaders.SET_COOKIE, value));
        return answer(
                status.isSameCodeAs(HttpStatus.CREATED) ? status : HttpStatus.OK,
                headers,
                MediaType.APPLICATION_JSON,
                shown(route, answer));
    }

    private static ServerResponse answer(HttpStatusCode status, HttpHeaders headers, MediaType type, JsonNode body) {
        return ServerResponse.status(status)
                .headers(all -> all.putAll(headers))
                .contentType(type)
                .body(body);
    }

    private String cookie(ServerRequest request, JsonNode tokens) {
        return cookie.of(
                request.servletRequest(),
                tokens.path("access_token").asString(),
                Duration.ofSeconds(tokens.path("expires_in").asLong()));
    }

    private static JsonNode shown(OldRoute route, JsonNode answer) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        String message = route.message();
        if (message != null) {
            boolean unproven = route.proof() == Proof.SEND && !answer.has("access_token");
            shown.put("message", unproven ? message + PASSWORD_REMOVED : message);
        }
        if (route.answer() == Answer.MESSAGE) {
            return shown;
        }
        if (route.answer() == Answer.ITEMS) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            answer.path("users").valueStream().map(FieldNames::toOld).forEach(items::add);
            return items;
        }
        shown.setAll(FieldNames.toOld(answer));
        if (route.cookie() == Cookie.SET) {
            shown.remove(TOKENS);
        }
        RegistrationProof.hide(route, shown);
        if (route.answer() == Answer.TOKENS_AND_USER) {
            shown.set("user", user(answer.path("access_token").asString()));
        }
        return shown;
    }

    // The token comes directly from Keycloak, so its signature is not verified here
    private static ObjectNode user(String accessToken) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(accessToken).getJWTClaimsSet();
            ObjectNode user = JsonNodeFactory.instance.objectNode();
            user.put("id", claims.getSubject());
            user.put("username", claims.getStringClaim("preferred_username"));
            String email = claims.getStringClaim("email");
            if (email != null) {
                user.put("email", email);
            }
            return user;
        } catch (ParseException e) {
            throw new IllegalStateException("Keycloak's access token is not a JWT", e);
        }
    }

    /** Reads the auth API's body: a problem, or a result, which may be empty. */
    private JsonNode body(ServerRequest request, boolean isSuccess) {
        InputStream stream = MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_INPUT_STREAM_ATTR);
        ClientHttpResponse response = MvcUtils.getAttribute(request, MvcUtils.CLIENT_RESPONSE_ATTR);
        if (stream == null || response == null) {
            throw new IllegalStateException("The gateway has no response");
        }
        try (response) {
            byte[] body = stream.readAllBytes();
            JsonNode answer = body.length == 0 ? JsonNodeFactory.instance.objectNode() : json.readTree(body);
            if (answer.isObject() && (isSuccess || answer.has("type"))) {
                return answer;
            }
        } catch (JacksonException | IOException e) {
            log.warn("Keycloak's response is not readable: {}", e.getMessage());
        }
        throw new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Keycloak's response is not readable");
    }
}
