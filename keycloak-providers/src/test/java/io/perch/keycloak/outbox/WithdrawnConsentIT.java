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

/** The tokens of a client end because the consent to it is withdrawn. */
class WithdrawnConsentIT extends EndedTokensInAServer {

    @Test
    void consentThatTheUserWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends("consent withdrawn by the user", token, () -> events.consent(token, "DELETE", "app"));

        goesOn(events.token("other", "ada"));
    }

    @Test
    void consentThatAnAdministratorWithdrawsEndsTheClientsSessions() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");
        assertEquals(200, events.consent(token, "POST", "app"));

        ends(
                "consent withdrawn by an administrator",
                token,
                () -> events.realm.users().get(userId).revokeConsent("app"));

        goesOn(elsewhere);
    }

    @Test
    void consentThatWasNeverGivenEndsNothing() {
        IssuedToken token = events.token("app", "ada");

        assertEquals(204, events.consent(token, "DELETE", "other"));

        goesOn(token);
        goesOn(events.token("other", "ada"));
    }
}
