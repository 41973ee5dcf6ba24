package io.perch.console.forward;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where calls are forwarded to.
 *
 * @param apiUri the resource server
 * @param authApiUri the auth API, with its version. If null or empty, the one below {@code issuerUri}
 * @param issuerUri the realm's address for this server
 * @param connectTimeout the time limit for a connection
 * @param readTimeout the time limit for a whole response; for event streams only for its headers
 * @param streams the limit for open event streams; each one uses a thread
 * @param streamsPerSession the limit for open event streams of one session
 * @param streamIdle how long an event stream may be silent; longer than the period of the resource server's heartbeats,
 *     which is 15 seconds
 * @param maxBody the largest request body
 */
@Validated
@ConfigurationProperties("perch.forward")
record ForwardProperties(
        @NotNull URI apiUri,
        @Nullable URI authApiUri,
        @NotNull URI issuerUri,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("100") @Min(1) int streams,
        @DefaultValue("10") @Min(1) int streamsPerSession,
        @DefaultValue("45s") @DurationMin(seconds = 1) Duration streamIdle,
        @DefaultValue("16KB") DataSize maxBody) {

    URI authApi() {
        return authApiUri == null || authApiUri.toString().isBlank()
                ? URI.create(issuerUri + "/auth-api/v1")
                : authApiUri;
    }
}
