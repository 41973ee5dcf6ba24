package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.AcrAdapter;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.TokenRefreshContext;
import org.keycloak.services.clientpolicy.context.TokenRequestContext;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * Answers the refresh of a first-party client with 403 {@code insufficient_authorization} (draft, section 6.2) where
 * the sign-in behind the refresh token is not sufficient: it is below the client's minimum ACR value, or older than
 * the configured age. The app then starts a flow at the challenge endpoint, with {@code acr_values} or {@code
 * max_age}. The answer has no {@code auth_session}.
 *
 * <p>It also refuses an authorization code whose sign-in is below the minimum, with {@code invalid_grant}. Such a code
 * comes from the authorization endpoint, if the browser flow has no conditions for levels: Keycloak does not enforce
 * the minimum there.
 *
 * <p>At a refresh it runs before Keycloak uses the refresh token. So the token still works if the sign-in is sufficient again, for
 * example because an administrator has lowered the minimum. Other clients, and refresh tokens that Keycloak refuses
 * anyway, are left to Keycloak. A refresh token that is valid, but has no session, is answered 400 {@code invalid_grant}: without a
 * session nobody can say how the user signed in.
 */
final class StepUpExecutor implements ClientPolicyExecutorProvider<StepUpConfiguration> {

    private static final Logger LOG = Logger.getLogger(StepUpExecutor.class);

    private static final String BELOW_MINIMUM = "The sign-in is below the client's minimum ACR value";

    private final KeycloakSession session;
    private StepUpConfiguration configuration = new StepUpConfiguration();

    StepUpExecutor(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public String getProviderId() {
        return StepUpExecutorFactory.PROVIDER_ID;
    }

    @Override
    public Class<StepUpConfiguration> getExecutorConfigurationClass() {
        return StepUpConfiguration.class;
    }

    /** Takes the configuration; null where the profile has none. */
    @Override
    public void setupConfiguration(@Nullable StepUpConfiguration config) {
        if (config != null) {
            configuration = config;
        }
    }

    @Override
    public void executeOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        if (context instanceof TokenRefreshContext refresh) {
            check(refresh);
        } else if (context instanceof TokenRequestContext code) {
            check(code.getClientSession());
        }
    }

    private void check(TokenRefreshContext refresh) throws ClientPolicyException {
        ClientModel client = refresh.getClient();
        if (FirstPartyClient.isMarked(client) && isAnythingDemanded(client)) {
            String refreshToken = refresh.getParams().getFirst(OAuth2Constants.REFRESH_TOKEN);
            Optional<SignIn> signIn = SignIn.behind(session, client, refreshToken);
            if (signIn.isPresent()) {
                check(client, signIn.get());
            }
        }
    }

    // Not the age: a browser may sign in by a session that it has, and this flow can ask for a new sign-in
    private static void check(AuthenticatedClientSessionModel clientSession) throws ClientPolicyException {
        ClientModel client = clientSession.getClient();
        if (FirstPartyClient.isMarked(client) && !Levels.hasMinimum(clientSession)) {
            throw insufficient(client, clientSession.getUserSession().getUser().getId(), BELOW_MINIMUM);
        }
    }

    private boolean isAnythingDemanded(ClientModel client) {
        return configuration.maxAge() > 0 || AcrAdapter.hasMinimum(client);
    }

    /** Checks what a client and the policy demand of a sign-in. */
    void check(ClientModel client, SignIn signIn) throws ClientPolicyException {
        if (!signIn.hasSession()) {
            // As Keycloak's default provider answers it
            String description = "Session not active";
            log(client, signIn.userId(), description);
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_GRANT, description, Response.Status.BAD_REQUEST);
        }
        if (!signIn.hasMinimumLevel()) {
            throw insufficient(client, signIn.userId(), BELOW_MINIMUM);
        }
        int maxAge = configuration.maxAge();
        if (maxAge > 0 && Time.currentTimeSeconds() - signIn.time() > maxAge) {
            throw insufficient(client, signIn.userId(), "The sign-in is older than the client policy allows");
        }
    }

    private static ClientPolicyException insufficient(ClientModel client, @Nullable String userId, String description) {
        log(client, userId, description);
        return new ClientPolicyException(
                ChallengeAnswer.INSUFFICIENT_AUTHORIZATION, description, Response.Status.FORBIDDEN);
    }

    // Keycloak writes the event of the refusal without a user
    private static void log(ClientModel client, @Nullable String userId, String reason) {
        LOG.debugf(
                "first_party_sign_in_refused realm=%s client=%s user=%s reason=\"%s\"",
                client.getRealm().getName(), client.getClientId(), userId, reason);
    }
}
