package io.perch.keycloak.firstparty;

import io.perch.keycloak.budget.HourlyBudget;
import io.perch.keycloak.budget.Network;
import io.perch.keycloak.headless.AuthorizationRequest;
import io.perch.keycloak.headless.AuthorizationRequestException;
import io.perch.keycloak.headless.FlowAnswer;
import io.perch.keycloak.headless.FlowKind;
import io.perch.keycloak.headless.FlowOwner;
import io.perch.keycloak.headless.HeadlessFlow;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.http.HttpResponse;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * The authorization challenge endpoint, for one request. The order is: transport, form, client, whether the client is first-party, DPoP
 * proof, and only then the flow. So a request of another client costs no password check, and uses no {@code auth_session} up.
 */
final class ChallengeEndpoint {

    /** The parameter that continues a flow (draft, section 5.3.1). */
    static final String AUTH_SESSION = "auth_session";

    private static final Logger LOG = Logger.getLogger(ChallengeEndpoint.class);

    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_FOUND = 404;

    private final KeycloakSession session;
    private final Settings settings;
    private final EventBuilder event;

    ChallengeEndpoint(KeycloakSession session, Settings settings) {
        this.session = session;
        this.settings = settings;
        this.event = newEvent(session);
    }

    Response answer() {
        HttpResponse headers = session.getContext().getHttpResponse();
        headers.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.setHeader("Pragma", "no-cache");
        try {
            return run();
        } catch (Refusal e) {
            e.headers().forEach(headers::setHeader);
            return ChallengeAnswer.error(e.status(), e.error(), e.description());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Authenticators and steps of other extensions run here, and may be compiled for another version
            String instance = "urn:uuid:" + UUID.randomUUID();
            LOG.errorf(e, "first_party_error instance=%s", instance);
            session.getTransactionManager().setRollbackOnly();
            recordFault(instance);
            return ChallengeAnswer.error(SERVER_ERROR, OAuthErrorException.SERVER_ERROR, instance);
        }
    }

    // In a transaction of its own, because that of the request is rolled back
    private void recordFault(String instance) {
        ClientModel client = session.getContext().getClient();
        String user = event.getEvent().getUserId();
        try {
            KeycloakModelUtils.runJobInTransaction(
                    session.getKeycloakSessionFactory(), session.getContext(), inner -> newEvent(inner)
                            .client(client == null ? null : client.getClientId())
                            .user(user)
                            .detail("instance", instance)
                            .error("first_party_error"));
        } catch (RuntimeException e) {
            LOG.warnf(e, "first_party_error instance=%s: no event was written", instance);
        }
    }

    private static EventBuilder newEvent(KeycloakSession session) {
        KeycloakContext context = session.getContext();
        return new EventBuilder(context.getRealm(), session, context.getConnection())
                .event(EventType.LOGIN)
                .detail("auth_channel", "first-party-apps");
    }

    private Response run() {
        checkTransport();
        ChallengeForm form = ChallengeForm.read(session.getContext().getHttpRequest(), settings.bodyLimit());
        Optional<String> authSession = form.get(AUTH_SESSION);
        FirstPartyRequest request = FirstPartyRequest.authenticate(session, event, form, authSession);
        FlowOwner owner = new FlowOwner(request.client(), request.thumbprint());
        Optional<FlowKind> kind = Prompt.kind(form);
        HeadlessFlow flow = new HeadlessFlow(session, event, this::takeLookUp);
        FlowAnswer answer = authSession.isPresent()
                ? flow.feed(owner, kind, authSession.get(), form.parameters())
                : start(flow, kind.orElse(FlowKind.SIGN_IN), owner, form);
        return respond(answer);
    }

    private FlowAnswer start(HeadlessFlow flow, FlowKind kind, FlowOwner owner, ChallengeForm form) {
        try {
            AuthorizationRequest request = AuthorizationParameters.parse(session, event, owner, form);
            return flow.start(kind, owner, request, form.parameters());
        } catch (AuthorizationRequestException e) {
            throw Refusal.of(e.error(), e.description());
        }
    }

    private void checkTransport() {
        RealmModel realm = session.getContext().getRealm();
        if (!settings.enabled() || !realm.isEnabled()) {
            throw Refusal.of(NOT_FOUND, OAuthErrorException.INVALID_REQUEST, "The realm has no such endpoint");
        }
        boolean https = session.getContext().getUri().getBaseUri().getScheme().equals("https");
        if (!https && realm.getSslRequired().isRequired(session.getContext().getConnection())) {
            throw Refusal.invalidRequest("HTTPS is needed");
        }
        // Flows read the query too, and addresses are logged
        if (!session.getContext().getUri().getQueryParameters().isEmpty()) {
            throw Refusal.invalidRequest("Parameters belong into the body");
        }
    }

    private int takeLookUp() {
        return take(settings.lookUps());
    }

    private boolean takePushedRequest() {
        return take(settings.pushedRequests()) == 0;
    }

    private int take(HourlyBudget budget) {
        String address = session.getContext().getConnection().getRemoteAddr();
        return settings.loopbackExempt() && Network.isLoopback(address)
                ? 0
                : budget.take(session.getContext().getRealm().getId(), Network.of(address));
    }

    private Response respond(FlowAnswer answer) {
        if (answer instanceof FlowAnswer.Done done) {
            return ChallengeAnswer.code(done.code());
        }
        if (answer instanceof FlowAnswer.PasswordChanged) {
            return ChallengeAnswer.passwordChanged();
        }
        if (answer instanceof FlowAnswer.Challenge challenge) {
            return ChallengeAnswer.forbidden(ChallengeAnswer.INSUFFICIENT_AUTHORIZATION, null, members(challenge));
        }
        if (answer instanceof FlowAnswer.Web web) {
            return redirectToWeb(web);
        }
        if (answer instanceof FlowAnswer.TooMany tooMany) {
            throw Refusal.withHeader(
                    TOO_MANY_REQUESTS,
                    OAuthErrorException.TEMPORARILY_UNAVAILABLE,
                    "Too many user names, profiles or entries from this network",
                    HttpHeaders.RETRY_AFTER,
                    Integer.toString(tooMany.retryAfterSeconds()));
        }
        return refused((FlowAnswer.Refused) answer);
    }

    private static Map<String, Object> members(FlowAnswer.Challenge challenge) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("type", challenge.type());
        step.put("fields", challenge.fields());
        step.putAll(challenge.details());
        if (!challenge.alternatives().isEmpty()) {
            step.put("alternatives", challenge.alternatives());
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(AUTH_SESSION, challenge.authSession());
        members.put("challenge", step);
        members.put("step_failed", challenge.failed());
        return members;
    }

    private Response redirectToWeb(FlowAnswer.Web web) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (!web.requiredActions().isEmpty()) {
            members.put("required_actions", web.requiredActions());
        }
        PushedRequest.of(session, web.request(), this::takePushedRequest).ifPresent(pushed -> {
            members.put("request_uri", pushed.requestUri());
            members.put("expires_in", pushed.expiresIn());
        });
        return ChallengeAnswer.forbidden("redirect_to_web", null, members);
    }

    private static Response refused(FlowAnswer.Refused refused) {
        return switch (refused.reason()) {
            case INVALID_SESSION -> ChallengeAnswer.error(BAD_REQUEST, "invalid_session", refused.description());
            case ACCESS_DENIED ->
                ChallengeAnswer.error(BAD_REQUEST, OAuthErrorException.ACCESS_DENIED, refused.description());
            // Prompt Create 1.0: a value of prompt that the server does not support
            case SWITCHED_OFF ->
                ChallengeAnswer.error(
                        BAD_REQUEST,
                        OAuthErrorException.INVALID_REQUEST,
                        "The realm has switched off what prompt asks for");
            case INCOMPLETE ->
                ChallengeAnswer.error(BAD_REQUEST, OAuthErrorException.INVALID_REQUEST, refused.description());
            case UNAVAILABLE ->
                ChallengeAnswer.error(UNAVAILABLE, OAuthErrorException.TEMPORARILY_UNAVAILABLE, refused.description());
        };
    }
}
