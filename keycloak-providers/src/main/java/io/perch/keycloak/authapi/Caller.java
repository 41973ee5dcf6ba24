package io.perch.keycloak.authapi;

import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.AppAuthManager.BearerTokenAuthenticator;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;

/** The user and client of a call's access token. Keycloak has checked the token, its session and DPoP. */
record Caller(UserModel user, UserSessionModel userSession, AccessToken token, ClientModel client) {

    /**
     * Authenticates the caller.
     *
     * @throws ProblemException if the call has no valid access token for this API
     */
    static Caller of(Call call) {
        AuthResult result = authenticate(call);
        if (result == null || !result.token().hasAudience(call.settings().audienceOf(call.realm()))) {
            throw Challenge.unauthorized(call);
        }
        call.origins().admit(result.token());
        if (result.user().getServiceAccountClientLink() != null) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "A service account is nobody here");
        }
        call.event().client(result.client()).user(result.user()).session(result.session());
        return new Caller(result.user(), result.session(), result.token(), result.client());
    }

    /** As {@link #of}, and sets the type of the call's event. */
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

    boolean isCurrent(UserSessionModel other) {
        return other.getId().equals(userSession.getId()) && other.isOffline() == userSession.isOffline();
    }

    boolean hasRealmRole(String role) {
        AccessToken.Access access = token.getRealmAccess();
        return access != null && access.isUserInRole(role);
    }

    /**
     * Checks that the user has a role of Keycloak's client {@code account}, as the account console does. With these roles an
     * administrator controls what users can do with their accounts.
     *
     * @param roles one of them is enough
     * @throws ProblemException if the user has none of them
     */
    void requireAccountRole(Call call, String... roles) {
        if (Stream.of(roles).noneMatch(role -> hasAccountRole(call, role))) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, "One of the account roles is needed: " + String.join(", ", roles));
        }
    }

    // A token for the account client contains its roles, perhaps fewer than the user has. Other tokens do not contain
    // them: the audience has already accepted their client, so the user's own roles are checked
    private boolean hasAccountRole(Call call, String role) {
        String accountClient = Constants.ACCOUNT_MANAGEMENT_CLIENT_ID;
        if (call.settings().audienceOf(call.realm()).equals(accountClient)) {
            AccessToken.Access access = token.getResourceAccess(accountClient);
            return access != null && access.isUserInRole(role);
        }
        return Optional.ofNullable(call.realm().getClientByClientId(accountClient))
                .map(account -> account.getRole(role))
                .filter(user::hasRole)
                .isPresent();
    }

    /**
     * Checks that the user signed in a short time ago. A person who finds a signed-in device or a token must not be able to take
     * over the account.
     *
     * @throws ProblemException with the challenge of RFC 9470 if the sign-in is too old
     */
    void requireFreshSignIn(Call call) {
        int maxAge = call.settings().freshSignIn();
        if (Time.currentTimeSeconds() - signedInAt() > maxAge) {
            throw Challenge.freshSignIn(call, maxAge);
        }
    }

    // A browser keeps its session when the user signs in again. Keycloak stores the time of that in a note
    private long signedInAt() {
        String authTime = userSession.getNote(AuthenticationManager.AUTH_TIME);
        return authTime == null ? userSession.getStarted() : Long.parseLong(authTime);
    }
}
