package io.perch.console.signin;

import io.perch.console.web.LocalTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/**
 * Creates authorization requests with PKCE (RFC 7636) for {@code GET /signin} and {@code GET /signin/action}.
 *
 * <p>{@code to} is the page to return to, {@code lang} the language of Keycloak's pages. {@code register} opens the
 * registration. {@code fresh} requires the password again. {@code do} of an action is the action at Keycloak.
 */
final class SignInRequests implements OAuth2AuthorizationRequestResolver {

    static final String TARGET = "to";

    private static final String SIGN_IN = "/signin";
    private static final String ACTION = "/signin/action";
    private static final Set<String> ACTIONS = Set.of(
            "UPDATE_PASSWORD", "UPDATE_PROFILE", "CONFIGURE_TOTP", "webauthn-register-passwordless", "delete_account");

    /** Keycloak checks that the credential belongs to the user. */
    private static final Pattern DELETE_CREDENTIAL = Pattern.compile("delete_credential:[0-9A-Za-z-]{1,64}");

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");

    private final DefaultOAuth2AuthorizationRequestResolver requests;

    SignInRequests(ClientRegistrationRepository clients) {
        requests = new DefaultOAuth2AuthorizationRequestResolver(clients, SIGN_IN);
        requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request) {
        String path = request.getServletPath();
        boolean known = path.equals(SIGN_IN) || (path.equals(ACTION) && isAction(request.getParameter("do")));
        return known && request.getMethod().equals("GET") ? resolve(request, ClientConfiguration.REGISTRATION) : null;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest request, String registrationId) {
        OAuth2AuthorizationRequest plain = requests.resolve(request, registrationId);
        return plain == null
                ? null
                : OAuth2AuthorizationRequest.from(plain)
                        .attributes(attributes -> attributes.put(TARGET, LocalTarget.of(request.getParameter(TARGET))))
                        .additionalParameters(parameters -> {
                            String language = request.getParameter("lang");
                            if (language != null && LANGUAGE.matcher(language).matches()) {
                                parameters.put("ui_locales", language);
                            }
                            if (request.getParameter("register") != null) {
                                parameters.put("prompt", "create");
                            } else if (request.getParameter("fresh") != null) {
                                parameters.put("prompt", "login");
                            }
                            if (request.getServletPath().equals(ACTION)) {
                                parameters.put("kc_action", request.getParameter("do"));
                            }
                        })
                        .build();
    }

    private static boolean isAction(@Nullable String action) {
        return action != null
                && (ACTIONS.contains(action)
                        || DELETE_CREDENTIAL.matcher(action).matches());
    }
}
