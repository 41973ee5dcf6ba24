package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.HourlyBudget;
import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.mail.MailSender;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.utils.StringUtil;

/** Codes in Keycloak's database, sent by Keycloak's mail templates. */
final class DefaultEmailCodes implements EmailCodes {

    private final KeycloakSession session;
    private final CodeOptions options;
    private final HourlyBudget wishes;
    private final MailQueue mailQueue;
    private final MailSender mailSender;

    DefaultEmailCodes(
            KeycloakSession session,
            CodeOptions options,
            HourlyBudget wishes,
            MailQueue mailQueue,
            MailSender mailSender) {
        this.session = session;
        this.options = options;
        this.wishes = wishes;
        this.mailQueue = mailQueue;
        this.mailSender = mailSender;
    }

    @Override
    public void sendLater(RealmModel realm, Purpose purpose, String mailbox) {
        inBackground(realm, purpose, (inner, innerRealm) -> inner.users().getUserByEmail(innerRealm, mailbox.trim()));
    }

    @Override
    public void sendLater(RealmModel realm, Purpose purpose, @Nullable UserModel user) {
        String id = user == null ? null : user.getId();
        inBackground(
                realm,
                purpose,
                (inner, innerRealm) -> id == null ? null : inner.users().getUserById(innerRealm, id));
    }

    @Override
    public Sending send(RealmModel realm, UserModel user, Purpose purpose) {
        String email = user.getEmail();
        if (StringUtil.isBlank(email)) {
            throw new IllegalArgumentException("The user has no e-mail address");
        }
        CodeStore.Issuance issuance =
                issue(realm.getId(), user.getId(), email, purpose, RequestOrigin.in(session.getContext()));
        IssuedCode issued = issuance.issued();
        if (issued != null) {
            mailQueue.afterCommit(session, () -> mailSender.deliver(new CodeMail(issued, options)));
        }
        return issuance.sending();
    }

    @Override
    public int secondsToResend(RealmModel realm, UserModel user, Purpose purpose) {
        return inOwnTransaction(realm.getId(), store -> store.cooldown(user.getId(), purpose));
    }

    @Override
    public int cooldownSeconds() {
        return options.cooldown();
    }

    @Override
    public Verdict redeem(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code) {
        return guess(realm, user, purpose, code, true);
    }

    @Override
    public Verdict check(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code) {
        return guess(realm, user, purpose, code, false);
    }

    @Override
    public void close() {}

    private void inBackground(RealmModel realm, Purpose purpose, LookUp lookUp) {
        String realmId = realm.getId();
        RequestOrigin origin = RequestOrigin.in(session.getContext());
        if (origin.address() != null && wishes.take(realmId, origin.address()) > 0) {
            // One address must not fill the room that the mails of all others wait in
            return;
        }
        mailQueue.afterCommit(session, () -> lookUpAndSend(realmId, purpose, lookUp, origin));
    }

    private void lookUpAndSend(String realmId, Purpose purpose, LookUp lookUp, RequestOrigin origin) {
        Addressee addressee =
                KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
                    RealmModel realm = inner.realms().getRealm(realmId);
                    inner.getContext().setRealm(realm);
                    UserModel user = lookUp.user(inner, realm);
                    return user != null && mayGet(user, purpose) ? new Addressee(user.getId(), user.getEmail()) : null;
                });
        if (addressee == null) {
            insist(realmId, store -> {
                store.countStranger(origin);
                return true;
            });
            return;
        }
        IssuedCode issued = issue(realmId, addressee.userId(), addressee.email(), purpose, origin)
                .issued();
        if (issued != null) {
            mailSender.deliver(new CodeMail(issued, options));
        }
    }

    private static boolean mayGet(UserModel user, Purpose purpose) {
        return user.isEnabled()
                && !StringUtil.isBlank(user.getEmail())
                && !(purpose == Purpose.VERIFY_EMAIL && user.isEmailVerified());
    }

    private CodeStore.Issuance issue(
            String realmId, String userId, String email, Purpose purpose, RequestOrigin origin) {
        return insist(realmId, store -> store.issue(userId, email, purpose, origin));
    }

    private Verdict guess(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code, boolean useUp) {
        String userId = user == null ? null : user.getId();
        String email = user == null ? null : user.getEmail();
        String digits = Digits.entered(code);
        Verdict verdict = inOwnTransaction(realm.getId(), store -> store.guess(userId, email, purpose, digits, useUp));
        if (verdict == Verdict.WRONG && user != null && realm.isBruteForceProtected()) {
            session.getProvider(BruteForceProtector.class)
                    .failedLogin(
                            realm,
                            user,
                            session.getContext().getConnection(),
                            session.getContext().getUri(),
                            Set.of(OTPCredentialModel.TYPE));
        }
        return verdict;
    }

    // Of two who make the same row at once, one finds it there the second time
    private <T> T insist(String realmId, StoreTask<T> task) {
        try {
            return inOwnTransaction(realmId, task);
        } catch (ModelException e) {
            return inOwnTransaction(realmId, task);
        }
    }

    private <T> T inOwnTransaction(String realmId, StoreTask<T> task) {
        return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(realmId);
            inner.getContext().setRealm(realm);
            return task.in(new CodeStore(inner, realm, options));
        });
    }

    /** Finds a user in a session of the background; null where there is none. */
    private interface LookUp {
        @Nullable
        UserModel user(KeycloakSession session, RealmModel realm);
    }

    private interface StoreTask<T> {
        T in(CodeStore store);
    }

    private record Addressee(String userId, String email) {}
}
