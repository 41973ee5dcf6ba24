package io.perch.console.signin;

import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.KeycloakCalls;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.client.RestClient;

/**
 * The console as a client of Keycloak. The endpoints are configured and not discovered, so the console starts while
 * Keycloak is unavailable.
 */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

    static final String REGISTRATION = "perch";
    static final String CALLBACK = "/callback";

    @Bean
    ClientRegistration keycloakClient(KeycloakProperties keycloak, ConsoleProperties console) {
        return ClientRegistration.withRegistrationId(REGISTRATION)
                .clientId(keycloak.clientId())
                .clientSecret(keycloak.clientSecret())
                .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                // Not computed from the request, because the client controls the Host header
                .redirectUri(console.at(CALLBACK))
                .scope("openid")
                .issuerUri(keycloak.issuerUri().toString())
                .authorizationUri(keycloak.forBrowsers("auth"))
                .tokenUri(keycloak.forThisServer("token"))
                .jwkSetUri(keycloak.forThisServer("certs"))
                .userNameAttributeName("sub")
                .providerConfigurationMetadata(Map.of("end_session_endpoint", keycloak.forThisServer("logout")))
                .build();
    }

    @Bean
    ClientRegistrationRepository clientRegistrations(ClientRegistration keycloakClient) {
        return new InMemoryClientRegistrationRepository(keycloakClient);
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> refreshTokens() {
        RestClientRefreshTokenTokenResponseClient client = new RestClientRefreshTokenTokenResponseClient();
        client.setRestClient(tokenEndpoint());
        return client;
    }

    @Bean
    OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> authorizationCodes() {
        RestClientAuthorizationCodeTokenResponseClient client = new RestClientAuthorizationCodeTokenResponseClient();
        client.setRestClient(tokenEndpoint());
        return client;
    }

    /** As in Spring Security, but with timeouts. */
    private static RestClient tokenEndpoint() {
        return RestClient.builder()
                .requestFactory(KeycloakCalls.requests())
                .configureMessageConverters(converters -> {
                    converters.addCustomConverter(new FormHttpMessageConverter());
                    converters.addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter());
                })
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build();
    }

    @Bean
    JwtDecoder idTokenDecoder(ClientRegistration keycloakClient) {
        return new OidcIdTokenDecoderFactory().createDecoder(keycloakClient);
    }
}
