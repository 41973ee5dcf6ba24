package io.perch.keycloak.notice;

import io.perch.keycloak.request.RealmCookie;
import java.time.Duration;
import java.util.Optional;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.cookie.CookieProvider;
import org.keycloak.cookie.CookieType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.JsonWebToken;

/**
 * The cookie that identifies a browser in which a user has signed in. Its token has a random ID. It says nothing about the user, and
 * several users of a browser share it.
 */
final class DeviceCookie {

    static final String NAME = "PERCH_DEVICE";

    private static final RealmCookie COOKIE = new RealmCookie(NAME, Duration.ofDays(365));

    private DeviceCookie() {}

    /**
     * The ID of the browser that has sent this sign-in. It is stored in the browser for another year. Empty if the sign-in does not come
     * from Keycloak's pages, because then nobody keeps cookies.
     */
    static Optional<String> renew(KeycloakSession session) {
        if (session.getProvider(CookieProvider.class).get(CookieType.AUTH_SESSION_ID) == null) {
            return Optional.empty();
        }
        String id = COOKIE.get(session).map(JsonWebToken::getId).orElseGet(() -> SecretGenerator.getInstance()
                .generateSecureID());
        COOKIE.set(session, id, null);
        return Optional.of(id);
    }
}
