package io.perch.console.signin;

import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.LocalTarget;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/**
 * Stores the state, nonce and PKCE verifier of a sign-in that is not finished in an encrypted cookie of the browser.
 * Everybody can start sign-ins, so they must not use memory of the server.
 *
 * <p>They are not in the session. The session cookie is {@code SameSite=Strict}, so the browser does not send it when
 * Keycloak, on another site, redirects back. This cookie is {@code Lax}. It is valid for ten minutes, and the callback
 * removes it. A copy of it is useless without a new code of Keycloak for the same state and verifier.
 */
@Component
class PendingSignIns implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {

    /** Request attribute of the callback: the page to show next. */
    static final String TARGET = PendingSignIns.class.getName() + ".target";

    private static final Duration LIFE = Duration.ofMinutes(10);

    private final PendingSignInEncryption encryption;
    private final ClientRegistration client;
    private final boolean overTls;

    PendingSignIns(PendingSignInEncryption encryption, ClientRegistration client, ConsoleProperties console) {
        this.encryption = encryption;
        this.client = client;
        this.overTls = console.overTls();
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, cookieName()))
                .map(Cookie::getValue)
                .flatMap(encryption::decrypt)
                .filter(signIn -> signIn.state().equals(request.getParameter(OAuth2ParameterNames.STATE)))
                .map(this::authorizationRequest)
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
        PendingSignIn signIn = new PendingSignIn(
                Objects.requireNonNull(authorization.getState()),
                attribute(authorization, OidcParameterNames.NONCE),
                attribute(authorization, PkceParameterNames.CODE_VERIFIER),
                attribute(authorization, SignInRequests.TARGET));
        setCookie(response, encryption.encrypt(signIn, LIFE), LIFE);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest authorization = loadAuthorizationRequest(request);
        setCookie(response, "", Duration.ZERO);
        if (authorization != null) {
            request.setAttribute(TARGET, LocalTarget.of(attribute(authorization, SignInRequests.TARGET)));
        }
        return authorization;
    }

    private OAuth2AuthorizationRequest authorizationRequest(PendingSignIn signIn) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(
                        Objects.requireNonNull(client.getProviderDetails().getAuthorizationUri()))
                .clientId(client.getClientId())
                .redirectUri(client.getRedirectUri())
                .scopes(client.getScopes())
                .state(signIn.state())
                .attributes(attributes -> {
                    attributes.put(OAuth2ParameterNames.REGISTRATION_ID, client.getRegistrationId());
                    attributes.put(OidcParameterNames.NONCE, signIn.nonce());
                    attributes.put(PkceParameterNames.CODE_VERIFIER, signIn.codeVerifier());
                    attributes.put(SignInRequests.TARGET, signIn.target());
                })
                .build();
    }

    private static String attribute(OAuth2AuthorizationRequest authorization, String name) {
        return Objects.requireNonNull(authorization.<String>getAttribute(name), name);
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
