package io.perch.keycloak.request;

import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.TokenCategory;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.utils.SecureContextResolver;

/**
 * A cookie for the pages of a realm, with a token (RFC 7519) that the realm's key signs. Scripts cannot read it. Another realm does not
 * get it and does not accept it.
 *
 * @param name the cookie's name, which is also the type of the token
 * @param life how long it is valid
 */
public record RealmCookie(String name, Duration life) {

    /**
     * Sets the cookie in the answer to the current request.
     *
     * @param id the token's ID; null for none
     * @param subject the token's subject; null for none
     */
    public void set(KeycloakSession session, @Nullable String id, @Nullable String subject) {
        KeycloakContext context = session.getContext();
        Token token = new Token();
        token.id(id)
                .type(name)
                .issuer(context.getRealm().getId())
                .subject(subject)
                .issuedNow()
                .exp(Time.currentTimeSeconds() + life.toSeconds());
        boolean secure = SecureContextResolver.isSecureContext(session);
        context.getHttpResponse()
                .setCookieIfAbsent(new NewCookie.Builder(name)
                        .value(session.tokens().encode(token))
                        .path(path(context))
                        .maxAge((int) life.toSeconds())
                        .secure(secure)
                        .httpOnly(true)
                        // As Keycloak's own cookies: a sign-in may end with a POST of an identity provider
                        .sameSite(secure ? NewCookie.SameSite.NONE : NewCookie.SameSite.LAX)
                        .build());
    }

    /** The token in the cookie of the current request; empty if there is none, or if it is not valid. */
    public Optional<JsonWebToken> get(KeycloakSession session) {
        Cookie cookie = session.getContext()
                .getHttpRequest()
                .getHttpHeaders()
                .getCookies()
                .get(name);
        if (cookie == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(session.tokens().decode(cookie.getValue(), Token.class))
                // Keycloak's other tokens of the same category have another type
                .filter(token -> name.equals(token.getType()))
                .filter(token -> session.getContext().getRealm().getId().equals(token.getIssuer()))
                .filter(JsonWebToken::isActive)
                .map(token -> token);
    }

    private static String path(KeycloakContext context) {
        return UriBuilder.fromUri(context.getUri().getBaseUri())
                .path("realms/{realm}/")
                .build(context.getRealm().getName())
                .getRawPath();
    }

    /** A token that only this realm reads. */
    static final class Token extends JsonWebToken {

        private static final long serialVersionUID = 1;

        @Override
        public TokenCategory getCategory() {
            return TokenCategory.INTERNAL;
        }
    }
}
