package io.perch.keycloak.headless;

import java.util.stream.Collectors;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The account as a password reset has found it when its user proved something. Who changes the address or the password in the meantime takes
 * the account back: the reset must not replace that password.
 */
final class ResetAccount {

    private static final String NOTE = "perch-headless-reset-account";

    private ResetAccount() {}

    /** Notes address and password, after the step that proved something. */
    static void note(AuthenticationSessionModel login) {
        login.setAuthNote(NOTE, describe(login.getAuthenticatedUser()));
    }

    /** Whether both are still the same. */
    static boolean isUnchanged(AuthenticationSessionModel login) {
        return describe(login.getAuthenticatedUser()).equals(login.getAuthNote(NOTE));
    }

    private static String describe(UserModel user) {
        return user.credentialManager()
                .getStoredCredentialsByTypeStream(PasswordCredentialModel.TYPE)
                .map(password -> password.getId() + '/' + password.getCreatedDate())
                .sorted()
                .collect(Collectors.joining(" ", user.getEmail() + ' ', ""));
    }
}
