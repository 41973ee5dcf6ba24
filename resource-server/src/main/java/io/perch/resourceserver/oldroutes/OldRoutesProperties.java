package io.perch.resourceserver.oldroutes;

import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the old routes.
 *
 * @param enabled whether the routes exist
 * @param issuerUri the realm whose auth API they use
 * @param unprovenVerification how to handle a code without a proof that the same person registered
 * @param authApiUri the auth API's address, if this server reaches Keycloak at another address; null or empty for the issuer's
 */
@Validated
@ConfigurationProperties("perch.old-routes")
record OldRoutesProperties(
        boolean enabled,
        @NotNull URI issuerUri,
        @DefaultValue("drop-password") UnprovenVerification unprovenVerification,
        @Nullable URI authApiUri) {

    /** How to handle a code without a proof. */
    enum UnprovenVerification {
        /** The address is verified, and the account's password is removed. The owner sets a new one by a password reset. */
        DROP_PASSWORD,
        /** The address is not verified. */
        REFUSE
    }

    /** The auth API's address, without a slash at the end. */
    URI authApi() {
        URI given = authApiUri;
        String uri = given == null || given.toString().isBlank() ? issuerUri + "/auth-api/v1" : given.toString();
        return URI.create(uri.replaceAll("/+$", ""));
    }
}
