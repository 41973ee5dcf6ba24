package io.perch.console.session;

import io.perch.console.web.KeycloakCalls;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Ends sessions at Keycloak from this server, with the refresh token and the client's secret. A logout in the browser
 * would need the ID token in the page.
 */
@Component
class KeycloakLogout {

    private static final Logger log = LoggerFactory.getLogger(KeycloakLogout.class);

    private final ClientRegistration keycloak;
    private final RestClient http =
            RestClient.builder().requestFactory(KeycloakCalls.requests()).build();

    KeycloakLogout(ClientRegistration keycloak) {
        this.keycloak = keycloak;
    }

    /** Returns whether Keycloak has ended the session. */
    boolean end(SessionTokens tokens) {
        String refreshToken = tokens.refreshToken();
        Object endpoint =
                keycloak.getProviderDetails().getConfigurationMetadata().get("end_session_endpoint");
        if (refreshToken == null || endpoint == null) {
            return false;
        }
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add(OAuth2ParameterNames.REFRESH_TOKEN, refreshToken);
        try {
            http.post()
                    .uri(endpoint.toString())
                    .headers(headers -> headers.setBasicAuth(
                            keycloak.getClientId(), Objects.requireNonNull(keycloak.getClientSecret())))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .body(form)
                    .retrieve()
                    .toBodilessEntity();
            return true;
        } catch (RestClientException e) {
            log.warn(
                    "user_id={} session={} could not be ended at Keycloak: {}",
                    tokens.user().id(),
                    tokens.sessionId(),
                    e.getMessage());
            return false;
        }
    }
}
