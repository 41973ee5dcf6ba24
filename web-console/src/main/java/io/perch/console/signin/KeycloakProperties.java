package io.perch.console.signin;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The Keycloak realm for the sign-in.
 *
 * @param issuerUri the realm, as in the {@code iss} of its tokens and for browsers
 * @param internalUri the realm's address for this server; null or empty if it is the same
 * @param clientId the client
 * @param clientSecret the client's secret
 */
@Validated
@ConfigurationProperties("perch.keycloak")
record KeycloakProperties(
        @NotNull URI issuerUri,
        @Nullable URI internalUri,
        @DefaultValue("perch-console") @NotBlank String clientId,

        @NotBlank(message = "is missing: set CONSOLE_CLIENT_SECRET to the secret of the client perch-console")
        String clientSecret) {

    /** An endpoint, with its address for browsers. */
    String forBrowsers(String endpoint) {
        return issuerUri + "/protocol/openid-connect/" + endpoint;
    }

    /** An endpoint, with its address for this server. */
    String forThisServer(String endpoint) {
        URI realm = internalUri == null || internalUri.toString().isBlank() ? issuerUri : internalUri;
        return realm + "/protocol/openid-connect/" + endpoint;
    }

    /** Without the secret, because it may be logged. */
    @Override
    public String toString() {
        return "KeycloakProperties[issuerUri=%s, clientId=%s]".formatted(issuerUri, clientId);
    }
}
