package io.perch.resourceserver.security;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The realm whose tokens are accepted.
 *
 * @param issuerUri the realm's issuer, exactly as in the tokens' {@code iss}
 * @param jwksUri URL of the realm's keys; null or empty for the issuer's {@code /protocol/openid-connect/certs}
 * @param audience the value that the tokens' {@code aud} must contain
 * @param clockSkew the largest accepted difference between the clocks of Keycloak and this server
 */
@Validated
@ConfigurationProperties("perch.keycloak")
record KeycloakProperties(
        @NotNull URI issuerUri,
        @Nullable URI jwksUri,
        @NotBlank @DefaultValue("perch-api") String audience,
        @DefaultValue("30s") Duration clockSkew) {

    URI keys() {
        URI given = jwksUri;
        return given == null || given.toString().isBlank()
                ? URI.create(issuerUri + "/protocol/openid-connect/certs")
                : given;
    }
}
