package io.perch.keycloak.headless;

import io.perch.keycloak.headless.FlowAnswer.Challenge;
import io.perch.keycloak.headless.FlowAnswer.Done;
import io.perch.keycloak.headless.FlowAnswer.PasswordChanged;
import io.perch.keycloak.headless.FlowAnswer.Refusal;
import io.perch.keycloak.headless.FlowAnswer.Refused;
import io.perch.keycloak.headless.FlowAnswer.TooMany;
import io.perch.keycloak.headless.FlowAnswer.Web;
import io.perch.keycloak.request.FormRequest;
import io.perch.keycloak.unique.UniqueKeys;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.keycloak.common.util.Time;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A flow of the realm, run over several requests. One object serves one request.
 *
 * <p>A failed step does not say why: neither the message nor the field of Keycloak's page is passed on, because they differ for unknown
 * users and wrong passwords. Only where users choose values themselves, {@link FieldErrors} says what is wrong with them.
 */
public final class HeadlessFlow {

    /** Failed steps after which a flow ends (draft-ietf-oauth-first-party-apps-04, 9.3). */
    private static final int MOST_FAILURES = 10;

    /** Seconds after which a flow ends, whatever was done in it. */
    private static final int TOTAL_LIFESPAN = 30 * 60;

    /** The parameter that says which page a browser shows first (OpenID Connect Core, 3.1.2.1; Prompt Create 1.0). */
    private static final String PROMPT = "prompt";

    private final KeycloakSession session;
    private final EventBuilder event;
    private final LookUps lookUps;
    private final FlowHandles handles;
    private final Logins logins;

    /**
     * Of this request.
     *
     * @param event what becomes the events of the flow
     * @param lookUps limits the steps that can show who has an account
     */
    public HeadlessFlow(KeycloakSession session, EventBuilder event, LookUps lookUps) {
        this.session = session;
        this.event = event;
        this.lookUps = lookUps;
        this.handles = new FlowHandles(session.singleUseObjects());
        this.logins = new Logins(session);
        // Before anything reads the cookies: a browser's session would sign in without a credential
        session.getContext()
                .setHttpRequest(FormRequest.withoutCredentials(
                        session.getContext().getHttpRequest(), new MultivaluedHashMap<>()));
    }

    /** The names of all members that steps of this server take: no authorization request has them. */
    public static Set<String> members(KeycloakSession session) {
        return Steps.of(session).members();
    }

    /** The client that a value belongs to; empty where the value is no good. */
    public static Optional<ClientModel> clientOf(KeycloakSession session, String authSession) {
        RealmModel realm = session.getContext().getRealm();
        return new FlowHandles(session.singleUseObjects())
                .find(authSession)
                .map(handle -> realm.getClientById(handle.client()));
    }

    /**
     * Starts a flow.
     *
     * @param kind what it is for
     * @param owner who runs it
     * @param request what the client asks for
     * @param members what the client has sent for the first step; the flow waits for it where that is not complete
     * @throws AuthorizationRequestException where a client policy refuses the request
     */
    public FlowAnswer start(FlowKind kind, FlowOwner owner, AuthorizationRequest request, Map<String, String> members)
            throws AuthorizationRequestException {
        FormRecorder recorder = FormRecorder.install(session);
        if (recorder == null) {
            return Refused.of(Refusal.UNAVAILABLE);
        }
        if (!logins.isOn(kind)) {
            event.event(kind == FlowKind.REGISTRATION ? EventType.REGISTER : EventType.RESET_PASSWORD)
                    .error(kind == FlowKind.REGISTRATION ? Errors.REGISTRATION_DISABLED : Errors.NOT_ALLOWED);
            return Refused.of(Refusal.SWITCHED_OFF);
        }
        if (request.needsBrowser()) {
            return web(kind, List.of(), request.parameters());
        }
        AuthenticationSessionModel login = logins.create(owner.client());
        try {
            request.applyTo(login);
        } catch (AuthorizationRequestException e) {
            logins.remove(login);
            throw e;
        }
        Optional<String> flow = logins.flow(kind, login);
        // A registration reaches no level of authentication. It must not make an account first, and then refuse
        boolean refusedLater = kind == FlowKind.REGISTRATION && !AcrAdapter.isSatisfied(session, login);
        if (flow.isEmpty() || refusedLater) {
            logins.remove(login);
            return web(kind, List.of(), request.parameters());
        }
        FlowHandle handle = handle(kind, owner, login, flow.get());
        FlowRun run = new FlowRun(session, event, recorder, login, handle);
        FlowState state = run.begin();
        Optional<Step> step = Optional.ofNullable(state.waits()).map(FlowState.Waits::step);
        Optional<MultivaluedMap<String, String>> form =
                step.flatMap(waiting -> run.form(waiting, request.firstEntry(members)));
        if (form.isEmpty()) {
            return answer(run, login, handle, state);
        }
        int wait = secondsToWait(step.get(), form.get());
        if (wait > 0) {
            logins.remove(login);
            return new TooMany(wait);
        }
        return take(run, login, handle, recorder, form.get());
    }

    private int secondsToWait(Step step, MultivaluedMap<String, String> form) {
        return step.looksUp(form) ? lookUps.take() : 0;
    }

    private static FlowHandle handle(FlowKind kind, FlowOwner owner, AuthenticationSessionModel login, String flow) {
        return new FlowHandle(
                kind,
                owner.client().getId(),
                owner.thumbprint(),
                login.getParentSession().getId(),
                login.getTabId(),
                flow,
                Time.currentTimeSeconds(),
                0);
    }

    /**
     * Takes the step that a flow waits for.
     *
     * @param owner who sends it
     * @param asked what the client takes the flow for; empty where it does not say
     * @param authSession the value of the last answer
     * @param members what the client has sent
     */
    public FlowAnswer feed(FlowOwner owner, Optional<FlowKind> asked, String authSession, Map<String, String> members) {
        FormRecorder recorder = FormRecorder.install(session);
        if (recorder == null) {
            return Refused.of(Refusal.UNAVAILABLE);
        }
        Optional<FlowHandle> handle = handles.find(authSession)
                .filter(found -> isOf(owner, found))
                .filter(found -> found.kind() == asked.orElse(found.kind()));
        Optional<AuthenticationSessionModel> login = handle.flatMap(found -> logins.find(found, owner.client()));
        if (handle.isEmpty() || login.isEmpty() || !isAlive(handle.get(), login.get())) {
            return Refused.of(Refusal.INVALID_SESSION);
        }
        FlowRun run = new FlowRun(session, event, recorder, login.get(), handle.get());
        Optional<Step> step = run.current();
        Optional<MultivaluedMap<String, String>> form = step.flatMap(waiting -> run.form(waiting, new Entry(members)));
        if (form.isEmpty()) {
            return incomplete(authSession, handle.get(), login.get(), step);
        }
        int wait = secondsToWait(step.get(), form.get());
        if (wait > 0) {
            return new TooMany(wait);
        }
        if (!handles.take(authSession)) {
            return Refused.of(Refusal.INVALID_SESSION);
        }
        return take(run, login.get(), handle.get(), recorder, form.get());
    }

    // A description of another extension has run, and may have looked something up
    private FlowAnswer incomplete(
            String authSession, FlowHandle handle, AuthenticationSessionModel login, Optional<Step> step) {
        if (handles.countIncomplete(authSession, Math.max(1, secondsLeft(handle)))) {
            return new Refused(
                    Refusal.INCOMPLETE,
                    step.map(waiting -> "The step takes " + String.join(", ", waiting.fields()))
                            .orElse(null));
        }
        if (handles.take(authSession)) {
            logins.remove(login);
        }
        return new Refused(Refusal.INVALID_SESSION, "Too many incomplete entries");
    }

    private static boolean isOf(FlowOwner owner, FlowHandle handle) {
        return handle.client().equals(owner.client().getId())
                && Objects.equals(handle.thumbprint(), owner.thumbprint());
    }

    private boolean isAlive(FlowHandle handle, AuthenticationSessionModel login) {
        return secondsLeft(handle) > 0
                && StepLifespan.isActive(session, login)
                && logins.flow(handle.kind(), login)
                        .filter(handle.flow()::equals)
                        .isPresent();
    }

    private FlowAnswer take(
            FlowRun run,
            AuthenticationSessionModel login,
            FlowHandle handle,
            FormRecorder recorder,
            MultivaluedMap<String, String> form) {
        FlowState state;
        try {
            state = run.step(form);
        } catch (ModelException e) {
            if (!UniqueKeys.isTaken(e)) {
                throw e;
            }
            session.getTransactionManager().setRollbackOnly();
            return new Refused(Refusal.INVALID_SESSION, "The name or the address was taken in the same moment");
        }
        if (!(state instanceof FlowState.Denied denied) || denied.afterCredential()) {
            return answer(run, login, handle, state);
        }
        // Nobody has proved anything yet: the refusal looks like a wrong entry, and the flow begins again
        AuthenticationSessionModel fresh = logins.again(login);
        FlowHandle moved = handle.movedTo(fresh.getParentSession().getId(), fresh.getTabId());
        recorder.reset();
        FlowRun again = new FlowRun(session, event, recorder, fresh, moved);
        FlowState first = again.begin();
        return answer(
                again,
                fresh,
                moved,
                first instanceof FlowState.Waits waits ? new FlowState.Waits(waits.step(), true) : first);
    }

    private FlowAnswer answer(FlowRun run, AuthenticationSessionModel login, FlowHandle handle, FlowState state) {
        if (state instanceof FlowState.Waits waits) {
            return waiting(run, login, handle, waits);
        }
        if (state instanceof FlowState.Finished finished) {
            // Keycloak has removed the session
            return new Done(finished.code());
        }
        Map<String, String> parameters = new HashMap<>(AuthorizationRequest.takeFrom(login));
        if (login.getAuthenticatedUser() != null && handle.kind() == FlowKind.REGISTRATION) {
            // The account is made. In the browser its user signs in
            parameters.remove(PROMPT);
        }
        logins.remove(login);
        if (state instanceof FlowState.PasswordChanged) {
            return new PasswordChanged();
        }
        if (state instanceof FlowState.NeedsBrowser web) {
            return web(handle.kind(), web.requiredActions(), parameters);
        }
        return state instanceof FlowState.Superseded
                ? new Refused(Refusal.INVALID_SESSION, "What the flow waited for was done elsewhere. Start a sign-in")
                : Refused.of(Refusal.ACCESS_DENIED);
    }

    // A browser registers, or signs in. Its sign-in page has a link to the reset
    private static Web web(FlowKind kind, List<String> requiredActions, Map<String, String> parameters) {
        Map<String, String> request = new HashMap<>(parameters);
        if (kind == FlowKind.PASSWORD_RESET) {
            request.remove(PROMPT);
        }
        return new Web(requiredActions, request);
    }

    private FlowAnswer waiting(
            FlowRun run, AuthenticationSessionModel login, FlowHandle handle, FlowState.Waits waits) {
        FlowHandle next = waits.countsAsFailure() ? handle.withFailure() : handle;
        int seconds = Math.min(secondsLeft(next), StepLifespan.idle(login));
        if (next.failures() >= MOST_FAILURES || seconds <= 0) {
            logins.remove(login);
            return Refused.of(Refusal.INVALID_SESSION);
        }
        Step step = waits.step();
        return new Challenge(
                step.type(),
                step.fields(run.context()),
                step.details().of(run.context()),
                run.alternatives(),
                waits.failed(),
                handles.put(next, seconds));
    }

    private static int secondsLeft(FlowHandle handle) {
        return (int) (handle.startedAt() + TOTAL_LIFESPAN - Time.currentTimeSeconds());
    }
}
