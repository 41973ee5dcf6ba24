package io.perch.keycloak.authapi;

import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Checks the password of a known user outside of a flow. Wrong passwords count as on the login page. A user's passwords are checked
 * one after another, because only then does Keycloak's brute-force protection count exactly.
 */
final class PasswordCheck {

    private PasswordCheck() {}

    /**
     * Checks a password. The call's event gets the error.
     *
     * @param client the client of the call
     * @throws ProblemException if the password is wrong or the account is locked, with the same answer; or if other checks of this
     *     user have not ended in time
     */
    static void require(Call call, ClientModel client, UserModel user, String password) {
        boolean isProtected = call.realm().isBruteForceProtected();
        if (isProtected) {
            awaitOthers(call, client, user);
        }
        if (!user.credentialManager().isValid(UserCredentialModel.password(password))) {
            if (isProtected) {
                countFailure(call, user);
            }
            throw wrong(call, user, Errors.INVALID_USER_CREDENTIALS);
        }
    }

    private static void awaitOthers(Call call, ClientModel client, UserModel user) {
        KeycloakSession session = call.session();
        if (!call.settings().signIns().enter(session, user.getUsername())) {
            throw TokenRequest.busy();
        }
        // Keycloak accepts concurrent checks of a user if the request has no authentication session
        AuthenticationSessionManager logins = new AuthenticationSessionManager(session);
        AuthenticationSessionModel login =
                logins.createAuthenticationSession(call.realm(), false).createAuthenticationSession(client);
        try {
            awaitProtector(call, user);
        } finally {
            logins.removeAuthenticationSession(call.realm(), login, false);
            session.getContext().setAuthenticationSession(null);
        }
    }

    // Keycloak counts a failure for a short time after its request, and refuses the user's next check meanwhile. After
    // a check has been accepted, Keycloak refuses all others until the transaction ends. So the lock that is read then
    // has every failure
    private static void awaitProtector(Call call, UserModel user) {
        for (int i = 0; i < TokenRequest.TRIES; i++) {
            boolean isAccepted = refusal(call.session(), call.realm(), user) == null;
            String lock = lockOf(call, user);
            if (lock != null) {
                throw wrong(call, user, lock);
            }
            if (isAccepted) {
                return;
            }
            LockSupport.parkNanos(TokenRequest.PAUSE.toNanos());
        }
        throw TokenRequest.busy();
    }

    // In a new session, because the session of the call keeps the count that it has read first. The new session has no
    // authentication session, so a concurrent check does not look like a lock
    private static @Nullable String lockOf(Call call, UserModel user) {
        String realmId = call.realm().getId();
        return KeycloakModelUtils.runJobInTransactionWithResult(call.session().getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(realmId);
            inner.getContext().setRealm(realm);
            UserModel known = inner.users().getUserById(realm, user.getId());
            return known == null ? null : refusal(inner, realm, known);
        });
    }

    private static @Nullable String refusal(KeycloakSession session, RealmModel realm, UserModel user) {
        return AuthenticatorUtils.getDisabledByBruteForceEventError(
                session.getProvider(BruteForceProtector.class), session, realm, user);
    }

    private static void countFailure(Call call, UserModel user) {
        call.session()
                .getProvider(BruteForceProtector.class)
                .failedLogin(
                        call.realm(),
                        user,
                        call.session().getContext().getConnection(),
                        call.session().getContext().getUri(),
                        Set.of(PasswordCredentialModel.TYPE));
    }

    private static ProblemException wrong(Call call, UserModel user, String error) {
        call.event()
                .user(user)
                .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
                .error(error);
        return ProblemException.of(ProblemType.INVALID_CREDENTIALS);
    }
}
