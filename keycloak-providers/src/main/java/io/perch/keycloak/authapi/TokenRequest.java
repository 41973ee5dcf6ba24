package io.perch.keycloak.authapi;

import io.perch.keycloak.emailcode.RedeemedCode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowException;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
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

    /** How often a sign-in is tried while Keycloak still counts the one before. */
    private static final int TRIES = 10;

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final String NO_SIGN_IN = "The address is verified; sign in by /login";

    private TokenRequest() {}

    /**
     * Signs in by the password grant.
     *
     * @param event what is to become LOGIN or LOGIN_ERROR
     * @throws ProblemException where it is refused, with nothing in it that tells an unknown user, a wrong password, a
     *     wrong second factor and a locked account apart. That a second factor is missing is said to who has the password
     */
    static TokenAnswer password(Call call, MultivaluedMap<String, String> form, ObservedEvent event) {
        form.putSingle("grant_type", "password");
        Response response = signIn(call, form, event);
        if (response.getEntity() instanceof AccessTokenResponse tokens) {
            return TokenAnswer.of(tokens);
        }
        removeSession(call, event);
        SignInState state = SignInState.of(call);
        if (event.lastError().filter(Errors.RESOLVE_REQUIRED_ACTIONS::equals).isPresent()) {
            throw ProblemException.of(problem(state.actions()));
        }
        if (state.lacksSecondFactor(form)
                && event.lastError()
                        .filter(Errors.INVALID_USER_CREDENTIALS::equals)
                        .isPresent()) {
            throw ProblemException.of(ProblemType.OTP_REQUIRED);
        }
        checkPolicy(event);
        throw isAboutTheUser(response)
                ? ProblemException.of(ProblemType.INVALID_CREDENTIALS)
                : Endpoint.refused(response);
    }

    // For a moment after a sign-in Keycloak still counts it, and refuses the next one of the same user
    private static Response signIn(Call call, MultivaluedMap<String, String> form, ObservedEvent event) {
        for (int i = 0; i < TRIES; i++) {
            event.holdBack(Errors.USER_TEMPORARILY_DISABLED);
            Response response = tryToSignIn(call, form, event);
            if (event.lastError()
                    .filter(Errors.USER_TEMPORARILY_DISABLED::equals)
                    .isEmpty()) {
                return response;
            }
            if (isLocked(call, event.getEvent().getUserId())) {
                event.sendHeldBack();
                return response;
            }
            if (worksOnce(call, form)) {
                throw busy();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw busy();
    }

    // A proof of possession (RFC 9449) and a client's assertion (RFC 7523) are refused the second time
    private static boolean worksOnce(Call call, MultivaluedMap<String, String> form) {
        return call.request().getHttpHeaders().getHeaderString(OAuth2Constants.DPOP_HTTP_HEADER) != null
                || form.containsKey(OAuth2Constants.CLIENT_ASSERTION);
    }

    private static Response tryToSignIn(Call call, MultivaluedMap<String, String> form, ObservedEvent event) {
        try {
            return send(call, form, event);
        } catch (AuthenticationFlowException e) {
            throw ProblemException.of(ProblemType.INVALID_CREDENTIALS);
        }
    }

    private static boolean isLocked(Call call, @Nullable String userId) {
        UserLoginFailureModel failures =
                userId == null ? null : call.session().loginFailures().getUserLoginFailure(call.realm(), userId);
        return failures != null && Time.currentTimeSeconds() < failures.getFailedLoginNotBefore();
    }

    /** Another sign-in with this name runs, and has not ended in time. */
    static ProblemException busy() {
        return ProblemException.of(
                Problem.of(ProblemType.TEMPORARILY_UNAVAILABLE, "Another sign-in with this name is being served"),
                HttpHeaders.RETRY_AFTER,
                "1");
    }

    /**
     * Signs a user in who has just redeemed a code for the address, where the flow lets them.
     *
     * @throws ProblemException where it does not; the address is verified all the same
     */
    static TokenAnswer byCode(
            Call call,
            ClientAuthentication client,
            MultivaluedMap<String, String> form,
            AuthenticationFlowModel flow,
            UserModel user) {
        RedeemedCode.note(call.session(), user);
        ObservedEvent event = new ObservedEvent(call.session());
        Response response;
        try {
            response = FlowGrant.run(call, client, form, flow, "email-code", event);
        } catch (AuthenticationFlowException e) {
            throw ProblemException.of(ProblemType.FORBIDDEN, NO_SIGN_IN);
        }
        if (response.getEntity() instanceof AccessTokenResponse tokens) {
            return TokenAnswer.of(tokens);
        }
        removeSession(call, event);
        if (SignInState.of(call).hasSecondFactor()
                && event.lastError()
                        .filter(Errors.INVALID_USER_CREDENTIALS::equals)
                        .isPresent()) {
            throw form.containsKey(SignIn.OTP)
                    ? ProblemException.of(ProblemType.INVALID_CREDENTIALS, NO_SIGN_IN)
                    : ProblemException.of(ProblemType.OTP_REQUIRED, NO_SIGN_IN);
        }
        checkPolicy(event);
        throw isAboutTheUser(response)
                ? ProblemException.of(ProblemType.FORBIDDEN, NO_SIGN_IN)
                : Endpoint.refused(response);
    }

    private static void checkPolicy(ObservedEvent event) {
        Map<String, String> details = event.getEvent().getDetails();
        if (details != null && Details.CLIENT_POLICY_ERROR.equals(details.get(Details.REASON))) {
            throw ClientAuthentication.refusedByPolicy(details.get(Details.CLIENT_POLICY_ERROR_DETAIL));
        }
    }

    // A policy may refuse when the session is there already. Keycloak's endpoint undoes it with the whole transaction,
    // which here
    // keeps what was done before
    private static void removeSession(Call call, ObservedEvent event) {
        String id = event.getEvent().getSessionId();
        UserSessionModel created = id == null ? null : call.session().sessions().getUserSession(call.realm(), id);
        if (created != null) {
            call.session().sessions().removeUserSession(call.realm(), created);
        }
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
