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
 * @param enabled whether they answer
 * @param issuerUri the realm whose auth API is behind them
 * @param unprovenVerification what becomes of a code that comes without a proof that the same person registered
 * @param authApiUri where that API is, if this server reaches Keycloak by another address; null or empty for the issuer's
 */
@Validated
@ConfigurationProperties("perch.old-routes")
record OldRoutesProperties(
        boolean enabled,
        @NotNull URI issuerUri,
        @DefaultValue("drop-password") UnprovenVerification unprovenVerification,
        @Nullable URI authApiUri) {

    /** What becomes of a code that comes without a proof. */
    enum UnprovenVerification {
        /** The address is verified, and the account's password counts no more: its owner chooses a new one by a reset. */
        DROP_PASSWORD,
        /** The address is not verified. */
        REFUSE
    }

    /** The auth API, without a slash at the end. */
    URI authApi() {
        URI given = authApiUri;
        String uri = given == null || given.toString().isBlank() ? issuerUri + "/auth-api/v1" : given.toString();
        return URI.create(uri.replaceAll("/+$", ""));
    }
}
