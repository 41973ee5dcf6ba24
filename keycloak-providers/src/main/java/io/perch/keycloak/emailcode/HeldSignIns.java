package io.perch.keycloak.emailcode;

import java.util.Collection;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.authentication.authenticators.util.AuthenticatorUtils;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Sign-ins that have passed a step and wait for another one, on pages or in apps. Keycloak cannot find them by their user, so they are not
 * removed. The user's not-before time says which of them are void: those with a step from before it.
 */
final class HeldSignIns {

    /** The not-before time that does not count for this sign-in, because the sign-in itself has set it. */
    private static final String KEPT = "perch-sign-in-kept";

    private HeldSignIns() {}

    /** Makes all of a user's sign-ins void that have passed a step until now, and all tokens. */
    static void end(KeycloakSession session, RealmModel realm, UserModel user) {
        session.users().setNotBeforeForUser(realm, user, Math.toIntExact(Time.currentTimeSeconds()));
    }

    /** Excepts the sign-in that has just called {@link #end}. */
    static void keep(KeycloakSession session, AuthenticationSessionModel login, UserModel user) {
        login.setAuthNote(KEPT, notBefore(session, login, user));
    }

    /** Whether this sign-in is void. */
    static boolean isEnded(KeycloakSession session, AuthenticationSessionModel login, UserModel user) {
        String notBefore = notBefore(session, login, user);
        // A direct grant has no page, so it is never held
        return !notBefore.equals("0")
                && login.getAuthNote(AuthenticationProcessor.CURRENT_FLOW_PATH) != null
                && !notBefore.equals(login.getAuthNote(KEPT))
                && !continuesSession(session, login, user)
                && (hasStepUntil(Integer.parseInt(notBefore), login) || isByRemovedIdentity(session, login, user));
    }

    private static String notBefore(KeycloakSession session, AuthenticationSessionModel login, UserModel user) {
        return Integer.toString(session.users().getNotBeforeOfUser(login.getRealm(), user));
    }

    // All sessions end together with the sign-ins. One that exists is newer, and Keycloak copies its older steps
    private static boolean continuesSession(KeycloakSession session, AuthenticationSessionModel login, UserModel user) {
        UserSessionModel existing = session.sessions()
                .getUserSession(login.getRealm(), login.getParentSession().getId());
        return existing != null && existing.getUser().getId().equals(user.getId());
    }

    // Keycloak stores whole seconds, so a step of the same second may be older. Such a sign-in counts as void, unless
    // it also ends in that second
    private static boolean hasStepUntil(int notBefore, AuthenticationSessionModel login) {
        Collection<Integer> steps = AuthenticatorUtils.parseCompletedExecutions(
                        login.getUserSessionNotes().get(Constants.AUTHENTICATORS_COMPLETED))
                .values();
        long now = Time.currentTimeSeconds();
        return steps.stream().anyMatch(time -> time <= notBefore && time < now);
    }

    // Keycloak notes no time for a sign-in by an identity provider
    private static boolean isByRemovedIdentity(
            KeycloakSession session, AuthenticationSessionModel login, UserModel user) {
        String provider = login.getUserSessionNotes().get(Details.IDENTITY_PROVIDER);
        return provider != null && session.users().getFederatedIdentity(login.getRealm(), user, provider) == null;
    }
}
