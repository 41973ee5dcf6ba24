package io.perch.keycloak.emailcode;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Whose mailbox it is. */
public final class Mailboxes {

    private Mailboxes() {}

    /**
     * The user with this address; null where there is none, and where several share it: a code could not tell them apart.
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
