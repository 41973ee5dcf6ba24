package io.perch.keycloak.notice;

import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.TokenCategory;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.cookie.CookieProvider;
import org.keycloak.cookie.CookieType;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.utils.SecureContextResolver;

/**
 * The cookie that identifies a browser in which a user has signed in. Its value is a token with a random ID, signed with the realm's
 * key. It says nothing about the user, and several users of a browser share it.
 */
final class DeviceCookie {

    static final String NAME = "PERCH_DEVICE";

    private static final int MAX_AGE = (int) Duration.ofDays(365).toSeconds();

    private DeviceCookie() {}

    /**
     * The ID of the browser that has sent this sign-in. It is stored in the browser for another year. Empty if the sign-in does not come
     * from Keycloak's pages, because then nobody keeps cookies.
     */
    static Optional<String> renew(KeycloakSession session) {
        if (session.getProvider(CookieProvider.class).get(CookieType.AUTH_SESSION_ID) == null) {
            return Optional.empty();
        }
        KeycloakContext context = session.getContext();
        String id = read(session).orElseGet(() -> SecretGenerator.getInstance().generateSecureID());
        boolean secure = SecureContextResolver.isSecureContext(session);
        context.getHttpResponse()
                .setCookieIfAbsent(new NewCookie.Builder(NAME)
                        .value(session.tokens().encode(token(context.getRealm(), id)))
                        .path(path(context))
                        .maxAge(MAX_AGE)
                        .secure(secure)
                        .httpOnly(true)
                        // As Keycloak's own cookies: a sign-in may end with a POST of an identity provider
                        .sameSite(secure ? NewCookie.SameSite.NONE : NewCookie.SameSite.LAX)
                        .build());
        return Optional.of(id);
    }

    private static Optional<String> read(KeycloakSession session) {
        var cookie = session.getContext()
                .getHttpRequest()
                .getHttpHeaders()
                .getCookies()
                .get(NAME);
        return Optional.ofNullable(cookie)
                .map(value -> session.tokens().decode(value.getValue(), Token.class))
                .filter(token -> token.isIssuedFor(session.getContext().getRealm()))
                .map(JsonWebToken::getId);
    }

    private static Token token(RealmModel realm, String id) {
        Token token = new Token();
        token.id(id).type(Token.TYPE).issuer(realm.getId());
        return token;
    }

    private static String path(KeycloakContext context) {
        return UriBuilder.fromUri(context.getUri().getBaseUri())
                .path("realms/{realm}/")
                .build(context.getRealm().getName())
                .getRawPath();
    }

    /** The value. Keycloak's other tokens of the same category have another type. */
    static final class Token extends JsonWebToken {

        private static final long serialVersionUID = 1;
        private static final String TYPE = "perch-device";

        boolean isIssuedFor(RealmModel realm) {
            @Nullable String id = getId();
            return id != null && TYPE.equals(getType()) && realm.getId().equals(getIssuer());
        }

        @Override
        public TokenCategory getCategory() {
            return TokenCategory.INTERNAL;
        }
    }
}
