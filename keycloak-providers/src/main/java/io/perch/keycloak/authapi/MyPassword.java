package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.services.managers.BruteForceProtector;

/** {@code /me/password}: changes the password. It requires the current one. */
final class MyPassword {

    private MyPassword() {}

    static Response change(Call call) {
        Caller caller = Caller.of(call, EventType.UPDATE_CREDENTIAL);
        caller.requireAccountRole(call, AccountRoles.MANAGE_ACCOUNT);
        Fields fields = call.fields();
        fields.allow(Set.of("current_password", NewPassword.MEMBER));
        String current = fields.requiredSecret("current_password");
        String newPassword = fields.requiredSecret(NewPassword.MEMBER);
        fields.check();
        checkCurrent(call, caller.user(), current);
        NewPassword.set(call, caller.user(), newPassword);
        call.sessionsOf(caller.user()).end(call.event(), userSession -> !caller.isCurrent(userSession));
        return Answers.done();
    }

    // With a stolen token an attacker must not be able to guess the password: wrong ones count as on the login page
    private static void checkCurrent(Call call, UserModel user, String password) {
        KeycloakSession session = call.session();
        RealmModel realm = call.realm();
        BruteForceProtector protector = session.getProvider(BruteForceProtector.class);
        boolean isProtected = realm.isBruteForceProtected();
        if (isProtected
                && (protector.isPermanentlyLockedOut(session, realm, user)
                        || protector.isTemporarilyDisabled(session, realm, user))) {
            throw wrong(call, Errors.USER_TEMPORARILY_DISABLED);
        }
        if (!user.credentialManager().isValid(UserCredentialModel.password(password))) {
            if (isProtected) {
                protector.failedLogin(
                        realm,
                        user,
                        session.getContext().getConnection(),
                        session.getContext().getUri(),
                        Set.of(PasswordCredentialModel.TYPE));
            }
            throw wrong(call, Errors.INVALID_USER_CREDENTIALS);
        }
    }

    private static ProblemException wrong(Call call, String error) {
        call.event()
                .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
                .error(error);
        return ProblemException.of(ProblemType.INVALID_CREDENTIALS);
    }
}
