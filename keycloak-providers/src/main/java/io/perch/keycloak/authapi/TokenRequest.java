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
 * A request to Keycloak's token endpoint within a call. Keycloak does all of it: client authentication, client policies, DPoP, the
 * flow, brute-force protection, required actions, rotation of refresh tokens, and events.
 */
final class TokenRequest {

    /** The required actions that are done when the address is verified: Keycloak's own, and the one by code. */
    private static final Set<String> VERIFYING =
            Set.of(UserModel.RequiredAction.VERIFY_EMAIL.name(), "verify-email-code");

    /** How often a sign-in is tried while Keycloak still counts the previous one. */
    static final int TRIES = 10;

    /** The time between these tries. */
    static final Duration PAUSE = Duration.ofMillis(50);

    private static final String NO_SIGN_IN = "The address is verified; sign in by /login";

    private TokenRequest() {}

    /**
     * Signs in by the password grant.
     *
     * @param event the event that becomes LOGIN or LOGIN_ERROR
     * @throws ProblemException if it is refused. The problem is the same for an unknown user, a wrong password, a wrong second
     *     factor and a locked account. Only after a correct password does it say that the second factor is missing
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

    // Keycloak counts a sign-in for a short time after it, and refuses the user's next one meanwhile
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
            if (cannotBeRepeated(call, form)) {
                throw busy();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw busy();
    }

    // Keycloak refuses a DPoP proof (RFC 9449) and a client assertion (RFC 7523) when they are used again
    private static boolean cannotBeRepeated(Call call, MultivaluedMap<String, String> form) {
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

    /** The answer if another sign-in with the same name has not ended in time. */
    static ProblemException busy() {
        return ProblemException.of(
                Problem.of(ProblemType.TEMPORARILY_UNAVAILABLE, "Another sign-in with this name is being served"),
                HttpHeaders.RETRY_AFTER,
                "1");
    }

    /**
     * Signs in a user who has just redeemed a code for the address, if the flow allows it.
     *
     * @throws ProblemException if it does not; the address stays verified
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

    // A policy may refuse after the session was created. Keycloak's endpoint then rolls back the whole transaction.
    // Here the transaction must keep its earlier changes
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

    // A flow may answer with a page for browsers, which is not an OAuth error. Then too the user has not passed the
    // flow
    private static boolean isAboutTheUser(Response response) {
        return !(response.getEntity() instanceof OAuth2ErrorRepresentation error)
                || OAuthErrorException.INVALID_GRANT.equals(error.getError());
    }

    /** The problem of an account that cannot sign in because of these required actions. */
    static Problem problem(List<String> actions) {
        return Problem.actionRequired(
                actions.stream().anyMatch(VERIFYING::contains)
                        ? ProblemType.EMAIL_NOT_VERIFIED
                        : ProblemType.ACTION_REQUIRED,
                actions);
    }

    /** Removes the required actions that are done when the address is verified. */
    static void addressIsVerified(UserModel user) {
        VERIFYING.forEach(user::removeRequiredAction);
    }
}
