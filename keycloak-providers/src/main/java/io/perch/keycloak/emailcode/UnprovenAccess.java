package io.perch.keycloak.emailcode;

import io.perch.keycloak.session.UserSessions;
import java.util.List;
import java.util.Set;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.FederatedIdentityModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/**
 * The credentials, linked identities and sessions that an account got before its address was verified. A code proves only the
 * mailbox. It does not prove that the mailbox's owner has set up the credentials: an attacker may have registered with the address
 * of another person, and would still have access to the account.
 *
 * <p>Sign-ins that wait for a step end too. The required action {@code verify-email-code} does that: the realm must have it enabled.
 */
public final class UnprovenAccess {

    /**
     * Credentials that are enough to sign in. A second factor stays: alone it gives no access, and a mailbox must not bypass it.
     */
    private static final Set<String> FIRST_FACTORS =
            Set.of(PasswordCredentialModel.TYPE, WebAuthnCredentialModel.TYPE_PASSWORDLESS);

    private UnprovenAccess() {}

    /**
     * Removes passwords, passkeys and linked identities, and ends every session, each with its event.
     *
     * @param event an event of the request, for its client and address; this method sends only clones of it
     */
    public static void remove(KeycloakSession session, RealmModel realm, UserModel user, EventBuilder event) {
        remove(session, realm, user, event, FIRST_FACTORS);
    }

    /** As {@link #remove}, but keeps the password, because the user has just chosen it by the code. */
    public static void removeAllButPassword(
            KeycloakSession session, RealmModel realm, UserModel user, EventBuilder event) {
        remove(session, realm, user, event, Set.of(WebAuthnCredentialModel.TYPE_PASSWORDLESS));
    }

    private static void remove(
            KeycloakSession session, RealmModel realm, UserModel user, EventBuilder event, Set<String> types) {
        List<CredentialModel> credentials = user.credentialManager()
                .getStoredCredentialsStream()
                .filter(credential -> types.contains(credential.getType()))
                .toList();
        credentials.forEach(credential -> {
            user.credentialManager().removeStoredCredentialById(credential.getId());
            event.clone()
                    .event(EventType.REMOVE_CREDENTIAL)
                    .user(user)
                    .detail(Details.CREDENTIAL_TYPE, credential.getType())
                    .success();
        });
        List<FederatedIdentityModel> identities =
                session.users().getFederatedIdentitiesStream(realm, user).toList();
        identities.forEach(identity -> {
            session.users().removeFederatedIdentity(realm, user, identity.getIdentityProvider());
            event.clone()
                    .event(EventType.REMOVE_FEDERATED_IDENTITY)
                    .user(user)
                    .detail(Details.IDENTITY_PROVIDER, identity.getIdentityProvider())
                    .success();
        });
        new UserSessions(session, realm, user).end(event, userSession -> true);
        HeldSignIns.end(session, realm, user);
    }
}
