package io.perch.console.signin;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where people sign in.
 *
 * @param issuerUri the realm, as it stands in the {@code iss} of its tokens and as browsers reach it
 * @param internalUri the same realm as this server reaches it; null or empty where that is no other address
 * @param clientId the client
 * @param clientSecret its secret
 */
@Validated
@ConfigurationProperties("perch.keycloak")
record KeycloakProperties(
        @NotNull URI issuerUri,
        @Nullable URI internalUri,
        @DefaultValue("perch-console") @NotBlank String clientId,

        @NotBlank(message = "is missing: set CONSOLE_CLIENT_SECRET to the secret of the client perch-console")
        String clientSecret) {

    /** An endpoint as browsers reach it. */
    String forBrowsers(String endpoint) {
        return issuerUri + "/protocol/openid-connect/" + endpoint;
    }

    /** An endpoint as this server reaches it. */
    String forThisServer(String endpoint) {
        URI realm = internalUri == null || internalUri.toString().isBlank() ? issuerUri : internalUri;
        return realm + "/protocol/openid-connect/" + endpoint;
    }

    /** Keeps the secret out of logs. */
    @Override
    public String toString() {
        return "KeycloakProperties[issuerUri=%s, clientId=%s]".formatted(issuerUri, clientId);
    }
}
