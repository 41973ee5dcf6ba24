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
            throw Challenge.unauthorized(call);
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

    boolean isCurrent(UserSessionModel other) {
        return other.getId().equals(userSession.getId()) && other.isOffline() == userSession.isOffline();
    }

    boolean hasRealmRole(String role) {
        AccessToken.Access access = token.getRealmAccess();
        return access != null && access.isUserInRole(role);
    }

    /**
     * Makes sure that an administrator lets this user do this, by a role of Keycloak's client {@code account}, as its
     * account console does.
     *
     * @param roles one of them is enough
     * @throws ProblemException where there is none
     */
    void requireAccountRole(Call call, String... roles) {
        if (Stream.of(roles).noneMatch(role -> hasAccountRole(call, role))) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, "One of the account roles is needed: " + String.join(", ", roles));
        }
    }

    // Tokens for the account client have its roles, maybe fewer than the user. Others do not have them at all: their
    // client
    // was let in by the audience, and the user's roles count
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
     * Makes sure that the user signed in a short time ago: what gives an account away must not be open to who finds a
     * device signed in, or a token.
     *
     * @throws ProblemException the challenge of RFC 9470
     */
    void requireFreshSignIn(Call call) {
        int maxAge = call.settings().freshSignIn();
        if (Time.currentTimeSeconds() - signedInAt() > maxAge) {
            throw Challenge.freshSignIn(call, maxAge);
        }
    }

    // A browser's session lives on when its user signs in once more; Keycloak notes when that was
    private long signedInAt() {
        String again = userSession.getNote(AuthenticationManager.AUTH_TIME);
        return again == null ? userSession.getStarted() : Long.parseLong(again);
    }
}
