package io.perch.keycloak.headless;

import jakarta.ws.rs.core.Response;
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
 * What is left after the authenticators: required actions one after another, and then the code. Where one of them needs a browser, none is
 * begun: the pages have them all.
 */
final class ActionLoop {

    private final KeycloakSession session;
    private final EventBuilder event;
    private final AuthenticationSessionModel login;
    private final HttpRequest request;
    private final Function<Response, FlowState> pages;

    /**
     * @param request with the form that an action reads
     * @param pages what a page comes to
     */
    ActionLoop(
            KeycloakSession session,
            EventBuilder event,
            AuthenticationSessionModel login,
            HttpRequest request,
            Function<Response, FlowState> pages) {
        this.session = session;
        this.event = event;
        this.login = login;
        this.request = request;
        this.pages = pages;
    }

    /** Goes to the next action, or to the end. */
    FlowState next() {
        LoginEvent.describe(event, login);
        String alias = AuthenticationManager.nextRequiredAction(session, login, request, event);
        if (alias == null) {
            return CodeAdapter.finish(session, event, login, request);
        }
        List<RequiredActionProviderModel> pending = pending();
        Optional<RequiredActionProviderModel> next = pending.stream()
                .filter(action -> action.getAlias().equals(alias))
                .findFirst();
        if (next.isEmpty()
                || pending.stream().anyMatch(action -> Steps.ofAction(action.getProviderId())
                        .isEmpty())) {
            return new FlowState.NeedsBrowser(pending.stream()
                    .map(RequiredActionProviderModel::getAlias)
                    .sorted()
                    .toList());
        }
        return challenge(next.get().getProviderId());
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
        return status == Status.CHALLENGE ? first(pages.apply(action.page())) : notDone(status);
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
        return status == Status.CHALLENGE ? pages.apply(action.page()) : notDone(status);
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
        return Stream.concat(
                        login.getAuthenticatedUser().getRequiredActionsStream(), login.getRequiredActions().stream())
                .distinct()
                .map(realm::getRequiredActionProviderByAlias)
                .filter(Objects::nonNull)
                .filter(RequiredActionProviderModel::isEnabled)
                .toList();
    }
}
