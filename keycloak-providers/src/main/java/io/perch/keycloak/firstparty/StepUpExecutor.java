package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.AcrAdapter;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
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
 * anyway, are left to Keycloak.
 */
final class StepUpExecutor implements ClientPolicyExecutorProvider<StepUpConfiguration> {

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
                check(signIn.get());
            }
        }
    }

    // Not the age: a browser may sign in by a session that it has, and this flow can ask for a new sign-in
    private static void check(AuthenticatedClientSessionModel clientSession) throws ClientPolicyException {
        if (FirstPartyClient.isMarked(clientSession.getClient()) && !Levels.hasMinimum(clientSession)) {
            throw insufficient(BELOW_MINIMUM);
        }
    }

    private boolean isAnythingDemanded(ClientModel client) {
        return configuration.maxAge() > 0 || AcrAdapter.hasMinimum(client);
    }

    private void check(SignIn signIn) throws ClientPolicyException {
        if (!signIn.hasMinimumLevel()) {
            throw insufficient(BELOW_MINIMUM);
        }
        int maxAge = configuration.maxAge();
        if (maxAge > 0 && Time.currentTimeSeconds() - signIn.time() > maxAge) {
            throw insufficient("The sign-in is older than the client policy allows");
        }
    }

    private static ClientPolicyException insufficient(String description) {
        return new ClientPolicyException(
                ChallengeAnswer.INSUFFICIENT_AUTHORIZATION, description, Response.Status.FORBIDDEN);
    }
}
