package io.perch.keycloak.headless;

import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.authentication.RequiredActionContext.Status;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * What is left after the authenticators: required actions one after another, and then the end. Where one of them needs a browser, none is
 * begun: the pages have them all. A password reset has only the actions that its flow asks for. Those of the user wait for the next sign-in.
 */
final class ActionLoop {

    private final KeycloakSession session;
    private final EventBuilder event;
    private final AuthenticationSessionModel login;
    private final FlowKind kind;
    private final Steps steps;
    private final HttpRequest request;
    private final Function<Response, FlowState> pages;

    /**
     * @param steps of this server
     * @param request with the form that an action reads
     * @param pages what a page comes to
     */
    ActionLoop(
            KeycloakSession session,
            EventBuilder event,
            AuthenticationSessionModel login,
            FlowKind kind,
            Steps steps,
            HttpRequest request,
            Function<Response, FlowState> pages) {
        this.session = session;
        this.event = event;
        this.login = login;
        this.kind = kind;
        this.steps = steps;
        this.request = request;
        this.pages = pages;
    }

    /** Goes to the next action, or to the end. */
    FlowState next() {
        LoginEvent.describe(event, login);
        Optional<String> alias = nextAlias();
        if (alias.isEmpty()) {
            return end();
        }
        List<RequiredActionProviderModel> pending = pending();
        Optional<RequiredActionProviderModel> next = pending.stream()
                .filter(action -> action.getAlias().equals(alias.get()))
                .findFirst();
        if (next.isEmpty()
                || pending.stream().anyMatch(action -> steps.ofAction(action.getProviderId())
                        .isEmpty())) {
            return new FlowState.NeedsBrowser(pending.stream()
                    .map(RequiredActionProviderModel::getAlias)
                    .sorted()
                    .toList());
        }
        return challenge(next.get().getProviderId());
    }

    private Optional<String> nextAlias() {
        return kind == FlowKind.PASSWORD_RESET
                ? pending().stream()
                        .min(Comparator.comparingInt(RequiredActionProviderModel::getPriority))
                        .map(RequiredActionProviderModel::getAlias)
                : Optional.ofNullable(AuthenticationManager.nextRequiredAction(session, login, request, event));
    }

    private FlowState end() {
        return kind == FlowKind.PASSWORD_RESET
                ? PasswordResetEnd.finish(session, event, login)
                : CodeAdapter.finish(session, event, login, request);
    }

    private FlowState challenge(String providerId) {
        ActionAdapter action = ActionAdapter.of(session, login, providerId, request, event);
        if (action == null) {
            return FlowState.NeedsBrowser.now();
        }
        login.setAction(AuthenticationSessionModel.Action.REQUIRED_ACTIONS.name());
        login.setAuthNote(ProcessorAdapter.CURRENT_EXECUTION, providerId);
        Status status = action.challenge();
        if (status == Status.SUCCESS) {
            event.clone()
                    .event(EventType.CUSTOM_REQUIRED_ACTION)
                    .detail(Details.CUSTOM_REQUIRED_ACTION, providerId)
                    .success();
            done(providerId);
            return next();
        }
        return status == Status.CHALLENGE ? first(page(providerId, action)) : notDone(status);
    }

    // The first page of an action may say what is missing. Nothing has failed yet
    private static FlowState first(FlowState page) {
        return page instanceof FlowState.Waits waits ? new FlowState.Waits(waits.step(), false) : page;
    }

    /** Gives the action of this provider the form. */
    FlowState step(String providerId) {
        UserModel user = login.getAuthenticatedUser();
        if (user == null || !user.isEnabled()) {
            return new FlowState.Denied(true);
        }
        if (kind == FlowKind.PASSWORD_RESET
                && providerId.equals(UserModel.RequiredAction.UPDATE_PASSWORD.name())
                && !ResetAccount.isUnchanged(login)) {
            return new FlowState.Superseded();
        }
        LoginEvent.describe(event, login)
                .event(EventType.CUSTOM_REQUIRED_ACTION)
                .detail(Details.CUSTOM_REQUIRED_ACTION, providerId);
        ActionAdapter action = ActionAdapter.of(session, login, providerId, request, event);
        if (action == null) {
            return FlowState.NeedsBrowser.now();
        }
        Status status = action.process();
        login.setAuthNote(AuthenticationProcessor.LAST_PROCESSED_EXECUTION, providerId);
        if (status == Status.SUCCESS) {
            event.clone().success();
            done(providerId);
            return next();
        }
        return status == Status.CHALLENGE ? page(providerId, action) : notDone(status);
    }

    // A built-in action redirects only to the start of the sign-in: what it was for was done elsewhere, maybe by
    // somebody else. Where another one redirects to, nobody knows
    private FlowState page(String providerId, ActionAdapter action) {
        Response page = action.page();
        return page.getStatusInfo().getFamily() == Response.Status.Family.REDIRECTION
                        && Steps.BUILT_IN.ofAction(providerId).isPresent()
                ? new FlowState.Superseded()
                : pages.apply(page);
    }

    private static FlowState notDone(@Nullable Status status) {
        return status == Status.FAILURE || status == Status.CANCELLED
                ? new FlowState.Denied(true)
                : FlowState.NeedsBrowser.now();
    }

    private void done(String providerId) {
        login.removeRequiredAction(providerId);
        login.getAuthenticatedUser().removeRequiredAction(providerId);
        login.removeAuthNote(ProcessorAdapter.CURRENT_EXECUTION);
    }

    private List<RequiredActionProviderModel> pending() {
        RealmModel realm = login.getRealm();
        Stream<String> ofUser = kind == FlowKind.PASSWORD_RESET
                ? Stream.empty()
                : login.getAuthenticatedUser().getRequiredActionsStream();
        return Stream.concat(ofUser, login.getRequiredActions().stream())
                .distinct()
                .map(realm::getRequiredActionProviderByAlias)
                .filter(Objects::nonNull)
                .filter(RequiredActionProviderModel::isEnabled)
                .toList();
    }
}
