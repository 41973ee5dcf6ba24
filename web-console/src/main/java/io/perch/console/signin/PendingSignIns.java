package io.perch.console.signin;

import io.perch.console.store.KeyValueStore;
import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.LocalTarget;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stores the state, nonce and PKCE verifier of sign-ins that are not finished.
 *
 * <p>They are not in the session. The session cookie is {@code SameSite=Strict}, so the browser does not send it when
 * Keycloak, on another site, redirects back. Each sign-in has its own {@code Lax} cookie. It is valid for ten minutes
 * and can be used once.
 */
@Component
class PendingSignIns implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    /** Request attribute of the callback: the page to show next. */
    static final String TARGET = PendingSignIns.class.getName() + ".target";

    private static final Logger log = LoggerFactory.getLogger(PendingSignIns.class);
    private static final String KEY = "sign-in:";
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final int KEY_BYTES = 24;

    /** The parts of an authorization request that the callback needs. */
    private record Pending(
            String authorizationUri,
            String clientId,
            String redirectUri,
            Set<String> scopes,
            String state,
            String requestUri,
            Map<String, String> additionalParameters,
            Map<String, String> attributes) {}

    private final KeyValueStore store;
    private final JsonMapper json;
    private final boolean overTls;
    private final SecureRandom random = new SecureRandom();

    PendingSignIns(KeyValueStore store, JsonMapper json, ConsoleProperties console) {
        this.store = store;
        this.json = json;
        this.overTls = console.overTls();
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return key(request)
                .map(key -> KEY + key)
                .flatMap(store::get)
                .flatMap(text -> read(text, request))
                .orElse(null);
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest authorization,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (authorization == null) {
            removeAuthorizationRequest(request, response);
            return;
        }
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Pending pending = new Pending(
                authorization.getAuthorizationUri(),
                authorization.getClientId(),
                Objects.requireNonNull(authorization.getRedirectUri()),
                authorization.getScopes(),
                Objects.requireNonNull(authorization.getState()),
                authorization.getAuthorizationRequestUri(),
                texts(authorization.getAdditionalParameters()),
                texts(authorization.getAttributes()));
        store.put(KEY + key, json.writeValueAsString(pending), LIFE);
        setCookie(response, key, LIFE);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        Optional<OAuth2AuthorizationRequest> pending =
                key(request).map(key -> KEY + key).flatMap(store::take).flatMap(text -> read(text, request));
        setCookie(response, "", Duration.ZERO);
        pending.ifPresent(authorization -> request.setAttribute(
                TARGET, LocalTarget.of(authorization.<String>getAttribute(SignInRequests.TARGET))));
        return pending.orElse(null);
    }

    private Optional<OAuth2AuthorizationRequest> read(String text, HttpServletRequest request) {
        Pending pending;
        try {
            pending = json.readValue(text, Pending.class);
        } catch (JacksonException e) {
            // Another version may have stored another format. Then the user must start the sign-in again
            log.warn("A started sign-in cannot be read: {}", e.getOriginalMessage());
            return Optional.empty();
        }
        if (!pending.state().equals(request.getParameter(OAuth2ParameterNames.STATE))) {
            return Optional.empty();
        }
        return Optional.of(OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(pending.authorizationUri())
                .clientId(pending.clientId())
                .redirectUri(pending.redirectUri())
                .scopes(pending.scopes())
                .state(pending.state())
                .authorizationRequestUri(pending.requestUri())
                .additionalParameters(new HashMap<>(pending.additionalParameters()))
                .attributes(attributes -> attributes.putAll(pending.attributes()))
                .build());
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        Map<String, String> texts = new HashMap<>();
        values.forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    private Optional<String> key(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, cookieName())).map(Cookie::getValue);
    }

    private String cookieName() {
        return overTls ? "__Host-perch-signin" : "perch-signin";
    }

    private void setCookie(HttpServletResponse response, String value, Duration life) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(cookieName(), value)
                        .path("/")
                        .httpOnly(true)
                        .secure(overTls)
                        .sameSite("Lax")
                        .maxAge(life)
                        .build()
                        .toString());
    }
}
