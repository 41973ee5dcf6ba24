package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.perch.keycloak.LogLines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.clientpolicy.ClientPolicyException;

class StepUpExecutorTest {

    private final ClientModel client = Stub.of(
            ClientModel.class,
            Map.of("getClientId", "app", "getRealm", Stub.of(RealmModel.class, Map.of("getName", "apps"))));
    private final StepUpExecutor executor = new StepUpExecutor(Stub.of(KeycloakSession.class, Map.of()));

    @RegisterExtension
    final LogLines log = new LogLines(StepUpExecutor.class);

    @Test
    void aRefreshWithoutASessionIsRefusedAndTheLogNamesTheUser() {
        ClientPolicyException refusal = refusal(new SignIn("ada", false, false, 0));

        assertEquals("invalid_grant", refusal.getError());
        assertEquals("Session not active", refusal.getErrorDetail());
        assertEquals(400, refusal.getErrorStatus().getStatusCode());
        assertEquals(
                List.of("first_party_sign_in_refused realm=apps client=app user=ada reason=\"Session not active\""),
                log.all());
    }

    @Test
    void aSignInBelowTheMinimumIsRefusedAndTheLogNamesTheUser() {
        ClientPolicyException refusal = refusal(new SignIn("ada", true, false, 0));

        assertEquals("insufficient_authorization", refusal.getError());
        assertEquals(
                List.of("first_party_sign_in_refused realm=apps client=app user=ada"
                        + " reason=\"The sign-in is below the client's minimum ACR value\""),
                log.all());
    }

    @Test
    void aSufficientSignInIsNotRefused() {
        assertDoesNotThrow(() -> executor.check(client, new SignIn("ada", true, true, 0)));
        assertEquals(List.of(), log.all());
    }

    private ClientPolicyException refusal(SignIn signIn) {
        return assertThrows(ClientPolicyException.class, () -> executor.check(client, signIn));
    }
}
