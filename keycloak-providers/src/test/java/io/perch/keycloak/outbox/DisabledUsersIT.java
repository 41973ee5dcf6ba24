package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.KeycloakProcess;
import io.perch.keycloak.PageBrowser;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.ClientResource;
import org.keycloak.representations.idm.AuthenticationExecutionInfoRepresentation;
import org.keycloak.representations.idm.AuthenticatorConfigRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
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
