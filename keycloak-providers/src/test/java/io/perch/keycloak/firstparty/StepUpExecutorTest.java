package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.clientpolicy.ClientPolicyException;

class StepUpExecutorTest {

    private static final Logger LOG = Logger.getLogger(StepUpExecutor.class.getName());

    private final ClientModel client = Stub.of(
            ClientModel.class,
            Map.of("getClientId", "app", "getRealm", Stub.of(RealmModel.class, Map.of("getName", "apps"))));
    private final StepUpExecutor executor = new StepUpExecutor(Stub.of(KeycloakSession.class, Map.of()));
    private final List<String> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage().formatted(line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void readTheLog() {
        LOG.setLevel(Level.FINE);
        LOG.addHandler(handler);
    }

    @AfterEach
    void leaveTheLog() {
        LOG.removeHandler(handler);
        LOG.setLevel(null);
    }

    @Test
    void aRefreshWithoutASessionIsRefusedAndTheLogNamesTheUser() {
        ClientPolicyException refusal = refusal(new SignIn("ada", false, false, 0));

        assertEquals("invalid_grant", refusal.getError());
        assertEquals("Session not active", refusal.getErrorDetail());
        assertEquals(400, refusal.getErrorStatus().getStatusCode());
        assertEquals(
                List.of("first_party_sign_in_refused realm=apps client=app user=ada reason=\"Session not active\""),
                lines);
    }

    @Test
    void aSignInBelowTheMinimumIsRefusedAndTheLogNamesTheUser() {
        ClientPolicyException refusal = refusal(new SignIn("ada", true, false, 0));

        assertEquals("insufficient_authorization", refusal.getError());
        assertEquals(
                List.of("first_party_sign_in_refused realm=apps client=app user=ada"
                        + " reason=\"The sign-in is below the client's minimum ACR value\""),
                lines);
    }

    @Test
    void aSufficientSignInIsNotRefused() {
        assertDoesNotThrow(() -> executor.check(client, new SignIn("ada", true, true, 0)));
        assertEquals(List.of(), lines);
    }

    private ClientPolicyException refusal(SignIn signIn) {
        return assertThrows(ClientPolicyException.class, () -> executor.check(client, signIn));
    }
}
