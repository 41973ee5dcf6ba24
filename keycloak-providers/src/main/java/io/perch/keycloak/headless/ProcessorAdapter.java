package io.perch.keycloak.headless;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.authentication.ForkFlowException;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The one class that knows {@link AuthenticationProcessor}: it runs a flow as Keycloak's pages do, and stops where they would set
 * cookies and send the browser back.
 */
final class ProcessorAdapter extends AuthenticationProcessor {

    /** The note with the execution whose page was shown last. */
    static final String CURRENT_EXECUTION = CURRENT_AUTHENTICATION_EXECUTION;

    private boolean complete;

    private ProcessorAdapter() {}

    /** What came of a run. */
    enum Outcome {
        /** Every step is done. */
        COMPLETE,
        /** There is a page, or something that no page is. */
        RESPONSE,
        /** The user is to go on in another flow. */
        FORKED
    }

    /**
     * @param outcome what came of it
     * @param response what Keycloak would send to a browser
     */
    record Result(Outcome outcome, Response response) {}

    /** For a flow of this sign-in. */
    static ProcessorAdapter of(
            KeycloakSession session,
            AuthenticationSessionModel login,
            FlowKind kind,
            String flowId,
            HttpRequest request,
            EventBuilder event) {
        String path = path(kind);
        ProcessorAdapter adapter = new ProcessorAdapter();
        adapter.setAuthenticationSession(login)
                .setFlowId(flowId)
                .setFlowPath(path)
                .setBrowserFlow(true)
                .setConnection(session.getContext().getConnection())
                .setEventBuilder(event)
                .setRealm(session.getContext().getRealm())
                .setSession(session)
                .setUriInfo(session.getContext().getUri())
                .setRequest(request);
        login.setAuthNote(CURRENT_FLOW_PATH, path);
        return adapter;
    }

    private static String path(FlowKind kind) {
        return switch (kind) {
            case SIGN_IN -> LoginActionsService.AUTHENTICATE_PATH;
            case REGISTRATION -> LoginActionsService.REGISTRATION_PATH;
            case PASSWORD_RESET -> LoginActionsService.RESET_CREDENTIALS_PATH;
        };
    }

    /** Starts the flow. */
    Result begin() {
        return run(this::authenticate);
    }

    /** Gives the step of this execution the request's form. */
    Result step(String execution) {
        return run(() -> authenticationAction(execution));
    }

    private Result run(Supplier<Response> flow) {
        try {
            Response response = flow.get();
            return new Result(complete ? Outcome.COMPLETE : Outcome.RESPONSE, response);
        } catch (ForkFlowException e) {
            return new Result(Outcome.FORKED, Response.noContent().build());
        } catch (AuthenticationFlowException e) {
            // Keycloak's own handling: the event, and an error page
            return new Result(Outcome.RESPONSE, handleBrowserException(e));
        } catch (WebApplicationException e) {
            return new Result(Outcome.RESPONSE, e.getResponse());
        }
    }

    @Override
    protected Response authenticationComplete() {
        complete = true;
        return Response.noContent().build();
    }
}
