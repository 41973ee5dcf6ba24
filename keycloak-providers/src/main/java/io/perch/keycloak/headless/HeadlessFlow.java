package io.perch.keycloak.headless;

import io.perch.keycloak.headless.FlowAnswer.Challenge;
import io.perch.keycloak.headless.FlowAnswer.Done;
import io.perch.keycloak.headless.FlowAnswer.Refusal;
import io.perch.keycloak.headless.FlowAnswer.Refused;
import io.perch.keycloak.headless.FlowAnswer.Web;
import io.perch.keycloak.request.FormRequest;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.keycloak.common.util.Time;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A flow of the realm, run over several requests. One object serves one request.
 *
 * <p>A failed step does not say why: neither the message nor the field of Keycloak's page is passed on, because they differ for unknown
 * users and wrong passwords.
 */
public final class HeadlessFlow {

    /** Failed steps after which a flow ends (draft-ietf-oauth-first-party-apps-04, 9.3). */
    private static final int MOST_FAILURES = 10;

    /** Seconds after which a flow ends, whatever was done in it. */
    private static final int TOTAL_LIFESPAN = 30 * 60;

    private final KeycloakSession session;
    private final EventBuilder event;
    private final FlowHandles handles;
    private final Logins logins;

    /**
     * Of this request.
     *
     * @param event what becomes the events of the flow
     */
    public HeadlessFlow(KeycloakSession session, EventBuilder event) {
        this.session = session;
        this.event = event;
        this.handles = new FlowHandles(session.singleUseObjects());
        this.logins = new Logins(session);
        // Before anything reads the cookies: a browser's session would sign in without a credential
        session.getContext()
                .setHttpRequest(FormRequest.withoutCredentials(
                        session.getContext().getHttpRequest(), new MultivaluedHashMap<>()));
    }

    /** The names of all members that steps take: no authorization request has them. */
    public static Set<String> members() {
        return Steps.members();
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
     * @param owner who runs it
     * @param request what the client asks for
     * @param members what the client has sent for the first step; the flow waits for it where that is not complete
     * @throws AuthorizationRequestException where a client policy refuses the request
     */
    public FlowAnswer start(FlowOwner owner, AuthorizationRequest request, Map<String, String> members)
            throws AuthorizationRequestException {
        FormRecorder recorder = FormRecorder.install(session);
        if (recorder == null) {
            return Refused.of(Refusal.UNAVAILABLE);
        }
        if (request.needsBrowser()) {
            return new Web(List.of(), request.parameters());
        }
        AuthenticationSessionModel login = logins.create(owner.client());
        try {
            request.applyTo(login);
        } catch (AuthorizationRequestException e) {
            logins.remove(login);
            throw e;
        }
        Optional<String> flow = logins.browserFlow(login);
        if (flow.isEmpty()) {
            logins.remove(login);
            return new Web(List.of(), request.parameters());
        }
        FlowHandle handle = handle(owner, login, flow.get());
        FlowRun run = new FlowRun(session, event, recorder, login, handle.flow());
        FlowState state = run.begin();
        Optional<MultivaluedMap<String, String>> form = Optional.ofNullable(state.waits())
                .flatMap(waits -> run.form(waits.step(), request.firstEntry(members)));
        return form.isPresent() ? take(run, login, handle, recorder, form.get()) : answer(run, login, handle, state);
    }

    private static FlowHandle handle(FlowOwner owner, AuthenticationSessionModel login, String flow) {
        return new FlowHandle(
                owner.kind(),
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
     * @param authSession the value of the last answer
     * @param members what the client has sent
     */
    public FlowAnswer feed(FlowOwner owner, String authSession, Map<String, String> members) {
        FormRecorder recorder = FormRecorder.install(session);
        if (recorder == null) {
            return Refused.of(Refusal.UNAVAILABLE);
        }
        Optional<FlowHandle> handle = handles.find(authSession).filter(found -> isOf(owner, found));
        Optional<AuthenticationSessionModel> login = handle.flatMap(found -> logins.find(found, owner.client()));
        if (handle.isEmpty() || login.isEmpty() || !isAlive(handle.get(), login.get())) {
            return Refused.of(Refusal.INVALID_SESSION);
        }
        FlowRun run =
                new FlowRun(session, event, recorder, login.get(), handle.get().flow());
        Optional<Step> step = run.current();
        Optional<MultivaluedMap<String, String>> form = step.flatMap(waiting -> run.form(waiting, new Entry(members)));
        if (form.isEmpty()) {
            return new Refused(
                    Refusal.INCOMPLETE,
                    step.map(waiting -> "The step takes " + String.join(", ", waiting.fields()))
                            .orElse(null));
        }
        if (!handles.take(authSession)) {
            return Refused.of(Refusal.INVALID_SESSION);
        }
        return take(run, login.get(), handle.get(), recorder, form.get());
    }

    private static boolean isOf(FlowOwner owner, FlowHandle handle) {
        return handle.kind() == owner.kind()
                && handle.client().equals(owner.client().getId())
                && Objects.equals(handle.thumbprint(), owner.thumbprint());
    }

    private boolean isAlive(FlowHandle handle, AuthenticationSessionModel login) {
        return secondsLeft(handle) > 0
                && StepLifespan.isActive(session, login)
                && logins.browserFlow(login).filter(handle.flow()::equals).isPresent();
    }

    private FlowAnswer take(
            FlowRun run,
            AuthenticationSessionModel login,
            FlowHandle handle,
            FormRecorder recorder,
            MultivaluedMap<String, String> form) {
        FlowState state = run.step(form);
        if (!(state instanceof FlowState.Denied denied) || denied.afterCredential()) {
            return answer(run, login, handle, state);
        }
        // Nobody has proved anything yet: the refusal looks like a wrong entry, and the flow begins again
        AuthenticationSessionModel fresh = logins.again(login);
        FlowHandle moved = handle.movedTo(fresh.getParentSession().getId(), fresh.getTabId());
        recorder.reset();
        FlowRun again = new FlowRun(session, event, recorder, fresh, moved.flow());
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
        Map<String, String> parameters = AuthorizationRequest.takeFrom(login);
        logins.remove(login);
        if (state instanceof FlowState.NeedsBrowser web) {
            return new Web(web.requiredActions(), parameters);
        }
        return Refused.of(Refusal.ACCESS_DENIED);
    }

    private FlowAnswer waiting(
            FlowRun run, AuthenticationSessionModel login, FlowHandle handle, FlowState.Waits waits) {
        FlowHandle next = waits.failed() ? handle.withFailure() : handle;
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
