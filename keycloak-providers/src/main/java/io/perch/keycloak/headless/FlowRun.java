package io.perch.keycloak.headless;

import io.perch.keycloak.request.FormRequest;
import io.perch.keycloak.unique.UniqueKeys;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationSelectionOption;
import org.keycloak.authentication.Authenticator;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.CommonClientSessionModel.ExecutionStatus;

/** One request's part of a flow: its authenticators, then its required actions, then its end. */
final class FlowRun {

    /** The note with the ids of the executions that may replace the one whose page was shown last, with blanks between them. */
    private static final String OFFERED = "perch-headless-alternatives";

    /** The note with the fields that the page asked for which was shown last, with blanks between them. */
    private static final String ASKED = "perch-headless-fields";

    private final KeycloakSession session;
    private final EventBuilder event;
    private final FormRecorder recorder;
    private final AuthenticationSessionModel login;
    private final FlowKind kind;
    private final String flowId;
    private final HttpRequest request;
    private final Steps steps;

    /** The execution, or the required action, that this request has taken; null before. */
    private @Nullable String taken;

    FlowRun(
            KeycloakSession session,
            EventBuilder event,
            FormRecorder recorder,
            AuthenticationSessionModel login,
            FlowHandle handle) {
        this.session = session;
        this.event = event;
        this.recorder = recorder;
        this.login = login;
        this.kind = handle.kind();
        this.flowId = handle.flow();
        this.request = session.getContext().getHttpRequest();
        this.steps = Steps.of(session);
    }

    /** Starts the flow. */
    FlowState begin() {
        return state(processor(new MultivaluedHashMap<>()).begin());
    }

    /** The step that the flow waits for; empty where it waits for none. */
    Optional<Step> current() {
        String current = login.getAuthNote(ProcessorAdapter.CURRENT_EXECUTION);
        if (current == null) {
            return Optional.empty();
        }
        return isInActions() ? steps.ofAction(current) : stepOf(current);
    }

    /** The form for Keycloak's page; empty where the entry is not what the step takes. */
    Optional<MultivaluedMap<String, String>> form(Step step, Entry entry) {
        Optional<String> alternative = entry.get(Steps.ALTERNATIVE);
        // A required action has none: some take any form for a yes
        if (alternative.isEmpty() || isInActions()) {
            return step.form().of(context(), step.foreign() ? entry.only(asked()) : entry);
        }
        return offered()
                .filter(execution ->
                        type(execution).filter(alternative.get()::equals).isPresent())
                .findFirst()
                .map(FlowRun::chosen);
    }

    /** Takes the step. */
    FlowState step(MultivaluedMap<String, String> form) {
        String current = Objects.requireNonNull(login.getAuthNote(ProcessorAdapter.CURRENT_EXECUTION));
        recorder.reset();
        if (!form.containsKey(Constants.AUTHENTICATION_EXECUTION)) {
            taken = current;
        }
        if (isInActions()) {
            return actions(form).step(current);
        }
        if (login.getAuthenticatedUser() == null && needsUser(current)) {
            // The account was deleted since
            return denied();
        }
        boolean hadProvedSomething = hasProvedSomething();
        ProcessorAdapter.Result result = processor(form).step(current);
        if (kind == FlowKind.PASSWORD_RESET && !hadProvedSomething && hasProvedSomething()) {
            ResetAccount.note(login);
        }
        return state(result);
    }

    /** What a step can look at. */
    StepContext context() {
        return new StepContext(session, login, recorder.attributes(), recorder.errors());
    }

    /** Types of the steps that may be taken in place of the one that the flow waits for. */
    List<String> alternatives() {
        return isInActions()
                ? List.of()
                : offered()
                        .flatMap(execution -> type(execution).stream())
                        .distinct()
                        .toList();
    }

    private boolean isInActions() {
        return AuthenticationSessionModel.Action.REQUIRED_ACTIONS.name().equals(login.getAction());
    }

    private FlowState state(ProcessorAdapter.Result result) {
        return switch (result.outcome()) {
            case COMPLETE -> complete();
            case FORKED -> FlowState.NeedsBrowser.now();
            case RESPONSE -> page(result.response());
        };
    }

    private FlowState complete() {
        switch (kind) {
            case SIGN_IN -> AcrAdapter.flowIsComplete(session, login);
            // The answer is written before the commit, when the database would refuse the new user
            case REGISTRATION -> UniqueKeys.check(session);
            case PASSWORD_RESET -> {
                if (!login.getRequiredActions().contains(UserModel.RequiredAction.UPDATE_PASSWORD.name())) {
                    return FlowState.NeedsBrowser.now();
                }
            }
        }
        AuthenticationManager.setClientScopesInSession(session, login);
        return actions(new MultivaluedHashMap<>()).next();
    }

    private FlowState page(Response response) {
        if (!recorder.made(response)) {
            return FlowState.NeedsBrowser.now();
        }
        if (recorder.isErrorPage()) {
            return denied();
        }
        if (recorder.isRetryPage() && !isInActions()) {
            return beginAgain();
        }
        if (!isInActions()) {
            offer(recorder.flow());
        }
        Optional<Step> step = current();
        List<String> fields = step.map(next -> next.fields(context())).orElse(List.of());
        if (fields.isEmpty()) {
            return FlowState.NeedsBrowser.now();
        }
        login.setAuthNote(ASKED, String.join(" ", fields));
        boolean again = Objects.equals(taken, login.getAuthNote(ProcessorAdapter.CURRENT_EXECUTION));
        return new FlowState.Waits(step.orElseThrow(), recorder.hasError(), again);
    }

    private List<String> asked() {
        String asked = login.getAuthNote(ASKED);
        return asked == null ? List.of() : List.of(asked.split(" ", -1));
    }

    // As the button of the page does: the step is chosen anew, which makes a new challenge
    private FlowState beginAgain() {
        String current = Objects.requireNonNull(login.getAuthNote(ProcessorAdapter.CURRENT_EXECUTION));
        recorder.reset();
        FlowState again = state(processor(chosen(current)).step(current));
        return again instanceof FlowState.Waits waits ? new FlowState.Waits(waits.step(), true) : again;
    }

    private static MultivaluedMap<String, String> chosen(String execution) {
        return new MultivaluedHashMap<>(Map.of(Constants.AUTHENTICATION_EXECUTION, execution));
    }

    private FlowState denied() {
        return new FlowState.Denied(hasProvedSomething());
    }

    // Not by Keycloak's list of used credentials: its form for the name alone writes "password" into it
    private boolean hasProvedSomething() {
        return login.getExecutionStatus().entrySet().stream()
                .filter(execution -> execution.getValue() == ExecutionStatus.SUCCESS)
                .map(execution -> authenticator(execution.getKey()).orElse(""))
                .anyMatch(steps::provesSomething);
    }

    private boolean needsUser(String execution) {
        return authenticator(execution)
                .map(id -> session.getProvider(Authenticator.class, id))
                .filter(Authenticator::requiresUser)
                .isPresent();
    }

    private void offer(@Nullable AuthenticationFlowContext flow) {
        String current = login.getAuthNote(ProcessorAdapter.CURRENT_EXECUTION);
        List<AuthenticationSelectionOption> selections = flow == null || flow.getAuthenticationSelections() == null
                ? List.of()
                : flow.getAuthenticationSelections();
        login.setAuthNote(
                OFFERED,
                String.join(
                        " ",
                        selections.stream()
                                .map(AuthenticationSelectionOption::getAuthExecId)
                                .filter(execution -> !execution.equals(current))
                                .filter(execution -> type(execution).isPresent())
                                .toList()));
    }

    private Stream<String> offered() {
        String offered = login.getAuthNote(OFFERED);
        return offered == null || offered.isEmpty() ? Stream.empty() : Stream.of(offered.split(" ", -1));
    }

    private Optional<String> type(String execution) {
        return stepOf(execution).map(Step::type);
    }

    private Optional<Step> stepOf(String execution) {
        return authenticator(execution).flatMap(steps::ofAuthenticator);
    }

    private Optional<String> authenticator(String execution) {
        RealmModel realm = session.getContext().getRealm();
        return Optional.ofNullable(realm.getAuthenticationExecutionById(execution))
                .map(AuthenticationExecutionModel::getAuthenticator);
    }

    private ProcessorAdapter processor(MultivaluedMap<String, String> form) {
        return ProcessorAdapter.of(session, login, kind, flowId, with(form), LoginEvent.ofFlow(kind, event, login));
    }

    private ActionLoop actions(MultivaluedMap<String, String> form) {
        return new ActionLoop(session, event, login, kind, steps, with(form), this::page);
    }

    private HttpRequest with(MultivaluedMap<String, String> form) {
        KeycloakContext context = session.getContext();
        context.setHttpRequest(FormRequest.withoutCredentials(request, form));
        return context.getHttpRequest();
    }
}
