package io.perch.keycloak.authapi;

import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AppAuthManager.BearerTokenAuthenticator;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;

/** Whose access token a call came with; Keycloak's own check of bearer tokens, sessions and DPoP has let it pass. */
record Caller(UserModel user, UserSessionModel userSession, AccessToken token, ClientModel client) {

    /**
     * Who calls.
     *
     * @throws ProblemException where no valid access token for this API came with the call
     */
    static Caller of(Call call) {
        AuthResult result = authenticate(call);
        if (result == null || !result.token().hasAudience(call.settings().audienceOf(call.realm()))) {
            throw unauthorized(call);
        }
        call.origins().admit(result.token());
        if (result.user().getServiceAccountClientLink() != null) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "A service account is nobody here");
        }
        call.event().client(result.client()).user(result.user()).session(result.session());
        return new Caller(result.user(), result.session(), result.token(), result.client());
    }

    /** As {@link #of}, for a call that is this event. */
    static Caller of(Call call, EventType event) {
        call.event().event(event);
        return of(call);
    }

    private static @Nullable AuthResult authenticate(Call call) {
        if (call.request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION) == null) {
            return null;
        }
        try {
            return new BearerTokenAuthenticator(call.session()).authenticate();
        } catch (NotAuthorizedException e) {
            return null;
        }
    }

    private static ProblemException unauthorized(Call call) {
        return ProblemException.of(
                Problem.of(ProblemType.UNAUTHORIZED),
                HttpHeaders.WWW_AUTHENTICATE,
                "Bearer realm=\"" + call.realm().getName() + "\", error=\"invalid_token\"");
    }

    boolean isCurrent(UserSessionModel other) {
        return other.getId().equals(userSession.getId()) && other.isOffline() == userSession.isOffline();
    }

    boolean hasRealmRole(String role) {
        AccessToken.Access access = token.getRealmAccess();
        return access != null && access.isUserInRole(role);
    }
}
