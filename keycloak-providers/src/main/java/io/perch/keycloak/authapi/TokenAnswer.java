package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;
import org.keycloak.representations.AccessTokenResponse;

/**
 * The tokens of an answer (RFC 6749, section 5.1).
 *
 * @param tokenType {@code Bearer}, or {@code DPoP} if the tokens are bound to a key (RFC 9449)
 * @param expiresIn seconds that the access token is valid
 * @param refreshToken null if the client gets none
 * @param refreshExpiresIn seconds that the refresh token is valid; null if there is none
 * @param scope the scopes, separated by blanks
 * @param idToken the ID token of OpenID Connect; null unless the scope has {@code openid}
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenAnswer(
        String accessToken,
        String tokenType,
        long expiresIn,
        @Nullable String refreshToken,
        @Nullable Long refreshExpiresIn,
        @Nullable String scope,
        @Nullable String idToken) {

    static TokenAnswer of(AccessTokenResponse tokens) {
        String refreshToken = tokens.getRefreshToken();
        return new TokenAnswer(
                tokens.getToken(),
                tokens.getTokenType(),
                tokens.getExpiresIn(),
                refreshToken,
                refreshToken == null ? null : tokens.getRefreshExpiresIn(),
                tokens.getScope(),
                tokens.getIdToken());
    }
}
