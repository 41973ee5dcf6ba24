package io.perch.keycloak.outbox;

import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.UserRepresentation;

/** Tokens end because their user is disabled, deleted or overwritten. */
class DisabledUsersIT extends EndedTokensInAServer {

    @Test
    void anAdministratorDisablesAUser() {
        IssuedToken token = events.token("app", "ada");
        UserRepresentation user = events.realm.users().get(userId).toRepresentation();
        user.setEnabled(false);

        ends(
                "user disabled by the Admin API",
                token,
                () -> events.realm.users().get(userId).update(user));
    }

    @Test
    void aUserIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("user deleted", token, () -> events.realm.users().get(userId).remove());
    }

    @Test
    void aUserIsOverwrittenByAnImport() {
        IssuedToken token = events.token("app", "ada");

        endsForConsumers("user overwritten by a partial import", token, () -> events.overwrite(userId, "ada"));
    }
}
