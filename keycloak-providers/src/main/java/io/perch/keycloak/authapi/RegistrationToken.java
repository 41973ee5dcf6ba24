package io.perch.keycloak.authapi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.services.Urls;

/**
 * A token in the answer to a registration. It proves later that a request comes from the person who registered. It is a JWT that
 * Keycloak signs with the realm's key, and it is not stored. It gives no access by itself.
 */
final class RegistrationToken {

    private static final String TYPE = "perch-registration";
    private static final String EMAIL = "email";

    /** Seconds that the token is valid: one day. After that the password is the proof. */
    private static final int LIFE = 24 * 3600;

    private RegistrationToken() {}

    /** A token for a user with an address. */
    static String of(KeycloakSession session, UserModel user) {
        JsonWebToken token = new JsonWebToken()
                .type(TYPE)
                .issuer(issuer(session))
                .subject(user.getId())
                .exp(Time.currentTimeSeconds() + LIFE);
        token.setOtherClaims(EMAIL, user.getEmail());
        return session.tokens().encode(token);
    }

    /** Whether the token was issued for a registration with this address. */
    static boolean isFor(KeycloakSession session, String text, String email) {
        JsonWebToken token = read(session, text);
        return token != null
                && ProfileFields.isSame(
                        email.strip(), String.valueOf(token.getOtherClaims().get(EMAIL)));
    }

    /** Whether the token was issued to this user, and the user still has the registered address. */
    static boolean isFor(KeycloakSession session, String text, UserModel user) {
        JsonWebToken token = read(session, text);
        return token != null
                && user.getId().equals(token.getSubject())
                && ProfileFields.isSame(
                        Objects.requireNonNullElse(user.getEmail(), ""),
                        String.valueOf(token.getOtherClaims().get(EMAIL)));
    }

    private static @Nullable JsonWebToken read(KeycloakSession session, String text) {
        JsonWebToken token = session.tokens().decode(text, JsonWebToken.class);
        return token != null
                        && TYPE.equals(token.getType())
                        && issuer(session).equals(token.getIssuer())
                        && token.isActive()
                ? token
                : null;
    }

    private static String issuer(KeycloakSession session) {
        return Urls.realmIssuer(
                session.getContext().getUri().getBaseUri(),
                session.getContext().getRealm().getName());
    }
}
