package io.perch.console.session;

import io.perch.console.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/**
 * Gets new tokens with a refresh token (RFC 6749, section 6). If a refresh token is used
 * twice, Keycloak refuses all tokens that the client has for the session.
 */
@Component
class TokenRefresh {

    private static final Logger log = LoggerFactory.getLogger(TokenRefresh.class);

    private final OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> tokenEndpoint;
    private final ClientRegistration keycloak;
    private final JwtDecoder idTokens;
    private final Clock clock;

    TokenRefresh(
            OAuth2AccessTokenResponseClient<OAuth2RefreshTokenGrantRequest> tokenEndpoint,
            ClientRegistration keycloak,
            JwtDecoder idTokens,
            Clock clock) {
        this.tokenEndpoint = tokenEndpoint;
        this.keycloak = keycloak;
        this.idTokens = idTokens;
        this.clock = clock;
    }

    /**
     * Requests new tokens from Keycloak.
     *
     * @return the new tokens; empty if the session has ended
     * @throws ProblemException 503 if Keycloak does not answer
     */
    Optional<SessionTokens> refresh(SessionTokens old) {
        String refreshToken = old.refreshToken();
        if (refreshToken == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(renewed(
                    old,
                    tokenEndpoint.getTokenResponse(new OAuth2RefreshTokenGrantRequest(
                            keycloak,
                            new OAuth2AccessToken(
                                    OAuth2AccessToken.TokenType.BEARER,
                                    old.accessToken(),
                                    old.issuedAt(),
                                    old.expiresAt()),
                            new OAuth2RefreshToken(refreshToken, old.issuedAt())))));
        } catch (OAuth2AuthorizationException e) {
            if (OAuth2ErrorCodes.INVALID_GRANT.equals(e.getError().getErrorCode())) {
                log.info("user_id={} session={} has ended", old.user().id(), old.sessionId());
                return Optional.empty();
            }
            log.warn("Tokens cannot be refreshed: {}", e.getMessage());
            throw ProblemException.unavailable("Keycloak");
        }
    }

    private SessionTokens renewed(SessionTokens old, OAuth2AccessTokenResponse answer) {
        OAuth2AccessToken access = answer.getAccessToken();
        OAuth2RefreshToken refreshToken = answer.getRefreshToken();
        Instant now = clock.instant();
        return new SessionTokens(
                user(old, answer.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN)),
                old.sessionId(),
                old.signedInAt(),
                access.getTokenValue(),
                Objects.requireNonNullElse(access.getIssuedAt(), now),
                Objects.requireNonNullElse(access.getExpiresAt(), now),
                refreshToken == null ? old.refreshToken() : refreshToken.getTokenValue());
    }

    /** Roles may have changed, but the subject must be the same (OpenID Connect Core, 12.2). */
    private SignedInUser user(SessionTokens old, @Nullable Object idToken) {
        if (!(idToken instanceof String text)) {
            return old.user();
        }
        try {
            SignedInUser user = IdTokenClaims.user(idTokens.decode(text));
            return user.id().equals(old.user().id()) ? user : old.user();
        } catch (JwtException e) {
            log.warn(
                    "user_id={} the ID token of a refresh is refused: {}",
                    old.user().id(),
                    e.getMessage());
            return old.user();
        }
    }
}
