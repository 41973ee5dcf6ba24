package io.perch.keycloak.headless;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.ClientSessionCode;
import org.keycloak.services.managers.ClientSessionCode.ActionType;
import org.keycloak.sessions.AuthenticationSessionModel;

/** How long Keycloak lets a user take for a step; the one class that knows {@link ClientSessionCode}. */
final class StepLifespan {

    private StepLifespan() {}

    /** Whether the last step was not too long ago. */
    static boolean isActive(KeycloakSession session, AuthenticationSessionModel login) {
        return new ClientSessionCode<>(session, session.getContext().getRealm(), login)
                .isActionActive(isInActions(login) ? ActionType.USER : ActionType.LOGIN);
    }

    /** Seconds that the next step may take. */
    static int idle(AuthenticationSessionModel login) {
        RealmModel realm = login.getRealm();
        return isInActions(login) || realm.getAccessCodeLifespanLogin() <= 0
                ? realm.getAccessCodeLifespanUserAction()
                : realm.getAccessCodeLifespanLogin();
    }

    private static boolean isInActions(AuthenticationSessionModel login) {
        return AuthenticationSessionModel.Action.REQUIRED_ACTIONS.name().equals(login.getAction());
    }
}
