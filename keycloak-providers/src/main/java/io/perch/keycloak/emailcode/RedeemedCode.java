package io.perch.keycloak.emailcode;

import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * The user whose code this request has redeemed, for the authenticator {@code verify-email-code-sign-in}. It is an attribute of
 * Keycloak's session. No client can set it.
 */
public final class RedeemedCode {

    private static final String ATTRIBUTE = RedeemedCode.class.getName();

    private RedeemedCode() {}

    /** Records that the user may sign in by the code of this request. */
    public static void note(KeycloakSession session, UserModel user) {
        session.setAttribute(ATTRIBUTE, user.getId());
    }

    /** The user's id; empty if this request has redeemed no code. */
    static Optional<String> userId(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(ATTRIBUTE, String.class));
    }
}
