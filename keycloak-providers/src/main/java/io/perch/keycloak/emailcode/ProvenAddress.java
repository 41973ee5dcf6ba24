package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Verdict;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.storage.ReadOnlyException;

/** Marks an address as verified by a code, so that the code of one address never verifies another. */
public final class ProvenAddress {

    private static final Logger LOG = Logger.getLogger(ProvenAddress.class);

    private ProvenAddress() {}

    /**
     * Uses a code up and marks the address. The mark is set first: with it, Keycloak reads the user from the database, and the code is
     * compared with the address that is there. Before, the user may come from a cache, with the address from before a change.
     *
     * @param user null if there is none: then the verdict is {@code VOID}, after the same time as for a user
     * @param purpose {@code VERIFY_EMAIL} or {@code RESET_PASSWORD}: codes that prove the mailbox
     * @return {@code ACCEPTED} if the code was right and is used up now; the address is verified then, unless its storage is read-only
     */
    public static Verdict redeem(
            EmailCodes codes, RealmModel realm, @Nullable UserModel user, Purpose purpose, String code) {
        Verdict checked = codes.check(realm, user, purpose, code);
        if (user == null || checked != Verdict.ACCEPTED) {
            return checked;
        }
        boolean marked = !user.isEmailVerified() && mark(user);
        Verdict verdict = codes.redeem(realm, user, purpose, null, code);
        if (marked && verdict != Verdict.ACCEPTED) {
            user.setEmailVerified(false);
        }
        return verdict;
    }

    private static boolean mark(UserModel user) {
        try {
            user.setEmailVerified(true);
            return true;
        } catch (ReadOnlyException e) {
            LOG.debugf("The storage of user %s keeps the mark of the address", user.getId());
            return false;
        }
    }
}
