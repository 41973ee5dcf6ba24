package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.TokenEndpoint;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/**
 * A request to Keycloak's token endpoint, made within a call: client authentication, client policies, DPoP, flow,
 * brute-force protection, required actions, rotation and events are all its own.
 */
final class TokenRequest {

    /** The required actions that ask for nothing but a verified address: Keycloak's own, and the one by code. */
    private static final Set<String> VERIFYING =
            Set.of(UserModel.RequiredAction.VERIFY_EMAIL.name(), "verify-email-code");

    private TokenRequest() {}

    /**
     * Signs in by the password grant.
     *
     * @param event what is to become LOGIN or LOGIN_ERROR
     * @throws ProblemException where it is refused, with nothing in it that tells an unknown user, a wrong password, a
     *     wrong second factor and a locked account apart
     */
    static TokenAnswer password(Call call, MultivaluedMap<String, String> form, ObservedEvent event) {
        form.putSingle("grant_type", "password");
        Response response;
        try {
            response = send(call, form, event);
        } catch (AuthenticationFlowException e) {
            throw ProblemException.of(ProblemType.INVALID_CREDENTIALS);
        }
        if (response.getEntity() instanceof AccessTokenResponse tokens) {
            return TokenAnswer.of(tokens);
        }
        if (event.lastError().filter(Errors.RESOLVE_REQUIRED_ACTIONS::equals).isPresent()) {
            throw ProblemException.of(actionRequired(call, form.getFirst("username")));
        }
        Map<String, String> details = event.getEvent().getDetails();
        if (details != null && Details.CLIENT_POLICY_ERROR.equals(details.get(Details.REASON))) {
            throw ClientAuthentication.refusedByPolicy(details.get(Details.CLIENT_POLICY_ERROR_DETAIL));
        }
        throw isAboutTheUser(response)
                ? ProblemException.of(ProblemType.INVALID_CREDENTIALS)
                : Endpoint.refused(response);
    }

    /** Refreshes by the refresh token grant. */
    static TokenAnswer refresh(Call call, MultivaluedMap<String, String> form) {
        form.putSingle("grant_type", "refresh_token");
        Response response = send(call, form, call.event());
        if (response.getEntity() instanceof AccessTokenResponse tokens) {
            return TokenAnswer.of(tokens);
        }
        throw Endpoint.refused(response);
    }

    private static Response send(Call call, MultivaluedMap<String, String> form, EventBuilder event) {
        return Endpoint.run(
                call, form, () -> new TokenEndpoint(call.session(), new TokenManager(), event).processGrantRequest());
    }

    // A page that a flow shows to browsers is no OAuth error; here too somebody did not get through the flow
    private static boolean isAboutTheUser(Response response) {
        return !(response.getEntity() instanceof OAuth2ErrorRepresentation error)
                || OAuthErrorException.INVALID_GRANT.equals(error.getError());
    }

    // The password was right for this name, so who sent it may know what its account lacks; the event names no user
    // here
    private static Problem actionRequired(Call call, String username) {
        UserModel user = KeycloakModelUtils.findUserByNameOrEmail(call.session(), call.realm(), username);
        return problem(
                user == null
                        ? List.of()
                        : user.getRequiredActionsStream().sorted().toList());
    }

    /** Why an account with these required actions cannot sign in. */
    static Problem problem(List<String> actions) {
        return Problem.actionRequired(
                actions.stream().anyMatch(VERIFYING::contains)
                        ? ProblemType.EMAIL_NOT_VERIFIED
                        : ProblemType.ACTION_REQUIRED,
                actions);
    }

    /** Takes the required actions away that a verified address fulfils. */
    static void addressIsVerified(UserModel user) {
        VERIFYING.forEach(user::removeRequiredAction);
    }
}
