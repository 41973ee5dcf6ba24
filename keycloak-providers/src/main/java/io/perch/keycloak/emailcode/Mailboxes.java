package io.perch.keycloak.emailcode;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Finds the user of an e-mail address. */
public final class Mailboxes {

    private Mailboxes() {}

    /**
     * The user with this address; null if there is none, or if several users have it, because a code would not identify one of
     * them.
     *
     * @param email as it was entered
     */
    public static @Nullable UserModel owner(KeycloakSession session, RealmModel realm, String email) {
        try {
            return session.users().getUserByEmail(realm, email.strip());
        } catch (ModelDuplicateException e) {
            return null;
        }
    }
}
