package io.perch.keycloak.headless;

import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.RequiredActionContext.Status;
import org.keycloak.authentication.RequiredActionContextResult;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Runs a required action as Keycloak's pages do; the one class that knows {@link RequiredActionContextResult}. */
final class ActionAdapter {

    private final RequiredActionContextResult context;
    private final RequiredActionProvider action;

    private ActionAdapter(RequiredActionContextResult context, RequiredActionProvider action) {
        this.context = context;
        this.action = action;
    }

    /**
     * For the action of this provider; null where the server has none.
     *
     * @param request with the form that the action reads
     */
    static @Nullable ActionAdapter of(
            KeycloakSession session,
            AuthenticationSessionModel login,
            String providerId,
            HttpRequest request,
            EventBuilder event) {
        ProviderFactory<RequiredActionProvider> found =
                session.getKeycloakSessionFactory().getProviderFactory(RequiredActionProvider.class, providerId);
        if (!(found instanceof RequiredActionFactory factory)) {
            return null;
        }
        return new ActionAdapter(
                new RequiredActionContextResult(
                        login, login.getRealm(), event, session, request, login.getAuthenticatedUser(), factory),
                factory.create(session));
    }

    /** Shows the action's page, or does without one. */
    Status challenge() {
        action.requiredActionChallenge(context);
        return context.getStatus();
    }

    /** Gives the action the request's form. */
    Status process() {
        action.processAction(context);
        return context.getStatus();
    }

    /** The page, after {@link Status#CHALLENGE}. */
    Response page() {
        return context.getChallenge();
    }
}
