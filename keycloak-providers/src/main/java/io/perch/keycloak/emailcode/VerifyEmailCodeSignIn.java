package io.perch.keycloak.emailcode;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.Authenticator;
import org.keycloak.events.Errors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;

/**
 * Identifies the user whose code this request has redeemed. It refuses every other request, such as one of the token endpoint's
 * direct grant flow, because no code is redeemed there.
 */
final class VerifyEmailCodeSignIn implements Authenticator {

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        @Nullable
        UserModel user = RedeemedCode.userId(context.getSession())
                .map(id -> context.getSession().users().getUserById(context.getRealm(), id))
                .filter(UserModel::isEnabled)
                .orElse(null);
        if (user == null) {
            context.getEvent().error(Errors.INVALID_CODE);
            context.failure(
                    AuthenticationFlowError.INVALID_CREDENTIALS,
                    Response.status(Response.Status.BAD_REQUEST)
                            .type(MediaType.APPLICATION_JSON_TYPE)
                            .entity(new OAuth2ErrorRepresentation(
                                    OAuthErrorException.INVALID_GRANT, "No code was redeemed"))
                            .build());
            return;
        }
        context.setUser(user);
        context.success();
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        // There is no page
    }

    @Override
    public boolean requiresUser() {
        return false;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}
}
