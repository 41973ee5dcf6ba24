package io.perch.keycloak.emailcode;

import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.mail.MailSender;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.OTPCredentialModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.utils.StringUtil;

/** Codes in Keycloak's database, sent by Keycloak's mail templates. */
final class DefaultEmailCodes implements EmailCodes {

    private static final Logger LOG = Logger.getLogger(DefaultEmailCodes.class);

    /** The most rows that one mail inserts: a code and its budgets. */
    private static final int ROWS = 4;

    private final KeycloakSession session;
    private final CodeOptions options;
    private final RequestBudgets requests;
    private final MailQueue mailQueue;
    private final MailSender mailSender;
    private final CodeMetrics metrics;

    DefaultEmailCodes(
            KeycloakSession session,
            CodeOptions options,
            RequestBudgets requests,
            MailQueue mailQueue,
            MailSender mailSender,
            CodeMetrics metrics) {
        this.session = session;
        this.options = options;
        this.requests = requests;
        this.mailQueue = mailQueue;
        this.mailSender = mailSender;
        this.metrics = metrics;
    }

    @Override
    public void sendLater(RealmModel realm, Purpose purpose, Requester requester, String mailbox) {
        inBackground(realm, purpose, requester, (inner, innerRealm) -> Mailboxes.owner(inner, innerRealm, mailbox));
    }

    @Override
    public void sendLater(RealmModel realm, Purpose purpose, Requester requester, @Nullable UserModel user) {
        String id = user == null ? null : user.getId();
        inBackground(
                realm,
                purpose,
                requester,
                (inner, innerRealm) -> id == null ? null : inner.users().getUserById(innerRealm, id));
    }

    @Override
    public Sending send(
            RealmModel realm,
            UserModel user,
            Purpose purpose,
            Requester requester,
            @Nullable AuthenticationSessionModel boundTo,
            Format format) {
        String email = user.getEmail();
        if (StringUtil.isBlank(email)) {
            throw new IllegalArgumentException("The user has no e-mail address");
        }
        RequestOrigin origin = RequestOrigin.in(session.getContext());
        CodeStore.Issuance issuance = retryOnConflict(
                realm.getId(),
                store -> store.issue(user.getId(), email, purpose, binding(boundTo), requester, origin, format));
        metrics.requested(purpose, issuance.sending().outcome());
        IssuedCode issued = issuance.issued();
        if (issued != null) {
            mailQueue.afterCommit(session, () -> mailSender.deliver(new CodeMail(issued, options, metrics)));
        }
        return issuance.sending();
    }

    @Override
    public int secondsToResend(
            RealmModel realm, UserModel user, Purpose purpose, @Nullable AuthenticationSessionModel boundTo) {
        return inOwnTransaction(realm.getId(), store -> store.cooldown(user.getId(), purpose, binding(boundTo)));
    }

    @Override
    public Format format() {
        return options.format();
    }

    @Override
    public int cooldownSeconds() {
        return options.cooldown();
    }

    @Override
    public Verdict redeem(
            RealmModel realm,
            @Nullable UserModel user,
            Purpose purpose,
            @Nullable AuthenticationSessionModel boundTo,
            String code) {
        return guess(realm, user, purpose, binding(boundTo), code, true);
    }

    @Override
    public Verdict check(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code) {
        return guess(realm, user, purpose, "", code, false);
    }

    @Override
    public void close() {}

    private void inBackground(RealmModel realm, Purpose purpose, Requester requester, UserLookup lookUp) {
        String realmId = realm.getId();
        RequestOrigin origin = RequestOrigin.in(session.getContext());
        if (requests.take(realmId, purpose, requester, origin)) {
            mailQueue.afterCommit(session, () -> lookUpAndSend(realmId, purpose, requester, lookUp, origin));
        } else {
            metrics.refused(purpose, CodeMetrics.Refusal.REQUESTS);
        }
    }

    private void lookUpAndSend(
            String realmId, Purpose purpose, Requester requester, UserLookup lookUp, RequestOrigin origin) {
        Addressee addressee =
                KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
                    RealmModel realm = inner.realms().getRealm(realmId);
                    inner.getContext().setRealm(realm);
                    UserModel user = lookUp.user(inner, realm);
                    return user != null && mayReceive(user, purpose)
                            ? new Addressee(user.getId(), user.getEmail())
                            : null;
                });
        if (addressee == null) {
            retryOnConflict(realmId, store -> {
                store.countUnknown(purpose, requester, origin);
                return true;
            });
            return;
        }
        CodeStore.Issuance issuance = retryOnConflict(
                realmId,
                store -> store.issue(addressee.userId(), addressee.email(), purpose, "", requester, origin, format()));
        metrics.requested(purpose, issuance.sending().outcome());
        IssuedCode issued = issuance.issued();
        if (issued != null) {
            mailSender.deliver(new CodeMail(issued, options, metrics));
        }
    }

    private static boolean mayReceive(UserModel user, Purpose purpose) {
        return user.isEnabled()
                && !StringUtil.isBlank(user.getEmail())
                && !(purpose == Purpose.VERIFY_EMAIL && user.isEmailVerified());
    }

    private Verdict guess(
            RealmModel realm, @Nullable UserModel user, Purpose purpose, String binding, String code, boolean useUp) {
        String userId = user == null ? null : user.getId();
        String email = user == null ? null : user.getEmail();
        RequestOrigin origin = RequestOrigin.in(session.getContext());
        CodeStore.Guess guess = new CodeStore.Guess(
                Digits.entered(code), binding, origin, requests.mayGuessAnywhere(realm.getId(), origin), useUp);
        Verdict verdict = inOwnTransaction(realm.getId(), store -> store.guess(userId, email, purpose, guess));
        if (useUp || verdict != Verdict.ACCEPTED) {
            // A code that is only checked is entered once more, and then used up
            metrics.entered(purpose, verdict);
        }
        if (verdict != Verdict.ACCEPTED) {
            requests.countWrongGuess(realm.getId(), origin);
        }
        if (verdict == Verdict.WRONG && user != null && realm.isBruteForceProtected()) {
            session.getProvider(BruteForceProtector.class)
                    .failedLogin(
                            realm,
                            user,
                            session.getContext().getConnection(),
                            session.getContext().getUri(),
                            Set.of(countedAs(purpose)));
        }
        return verdict;
    }

    // Keycloak can disable an account after wrong second factors. Only the code of a sign-in is one. If other codes
    // counted too, anybody could disable the account of another person
    private static String countedAs(Purpose purpose) {
        return purpose == Purpose.LOGIN ? OTPCredentialModel.TYPE : PasswordCredentialModel.TYPE;
    }

    private static String binding(@Nullable AuthenticationSessionModel boundTo) {
        return boundTo == null ? "" : boundTo.getParentSession().getId() + '.' + boundTo.getTabId();
    }

    // If two transactions insert the same row at once, one fails and finds the row when it retries
    private <T> T retryOnConflict(String realmId, StoreTask<T> task) {
        for (int i = 1; i < ROWS; i++) {
            try {
                return inOwnTransaction(realmId, task);
            } catch (ModelException e) {
                LOG.debugf("Another transaction has made the same row: %s", e.getMessage());
            }
        }
        return inOwnTransaction(realmId, task);
    }

    private <T> T inOwnTransaction(String realmId, StoreTask<T> task) {
        return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(realmId);
            inner.getContext().setRealm(realm);
            return task.in(new CodeStore(inner, realm, options));
        });
    }

    /** Finds a user in a background session; null if there is none. */
    private interface UserLookup {
        @Nullable
        UserModel user(KeycloakSession session, RealmModel realm);
    }

    private interface StoreTask<T> {
        T in(CodeStore store);
    }

    private record Addressee(String userId, String email) {}
}
