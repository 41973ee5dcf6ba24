package io.perch.resourceserver.account;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.crypto.DerivedId;
import io.perch.resourceserver.crypto.UnsealException;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Window;
import org.springframework.stereotype.Component;

/**
 * The accounts of all users, for the rest of the server. A new account's credentials are at first only in the task that brought
 * them. A look at a user's accounts copies them first, so an account is there as soon as its login was accepted.
 */
@Component
public class TwitterAccounts {

    private static final Logger log = LoggerFactory.getLogger(TwitterAccounts.class);

    private final AccountRepository accounts;
    private final AccountSecrets secrets;
    private final UnfinishedCredentials unfinished;
    private final DeletedUsers deletedUsers;
    private final ActLog acts;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    TwitterAccounts(
            AccountRepository accounts,
            AccountSecrets secrets,
            UnfinishedCredentials unfinished,
            DeletedUsers deletedUsers,
            ActLog acts,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.accounts = accounts;
        this.secrets = secrets;
        this.unfinished = unfinished;
        this.deletedUsers = deletedUsers;
        this.acts = acts;
        this.events = events;
        this.time = time;
    }

    /** Returns the id of a user's X account. X user names ignore case. */
    public static String id(String userId, String username) {
        return DerivedId.of(userId + '/' + username.toLowerCase(Locale.ROOT));
    }

    /** Seals credentials for a user's account. Nothing is stored. */
    public SealedCredentials seal(String userId, String accountId, TwitterCredentials credentials) {
        return secrets.seal(credentials, userId, accountId);
    }

    /**
     * Opens credentials that a task carries.
     *
     * @param username the X user name
     * @throws UnsealException if what is stored does not open
     */
    public TwitterCredentials open(SealedCredentials sealed, String username, String userId, String accountId) {
        return secrets.open(sealed, username, userId, accountId);
    }

    /**
     * Opens an account's credentials for a login. What the old service left is sealed anew.
     *
     * @throws UnsealException if what is stored does not open, or is missing
     */
    public TwitterCredentials open(StoredCredentials stored) {
        return secrets.credentials(stored.account());
    }

    /** Reads the credentials of many accounts, by account id; one that is gone, or is another user's, is not there. */
    public Map<String, StoredCredentials> credentials(Map<String, String> ownersByAccount) {
        Map<String, StoredCredentials> found = new HashMap<>();
        if (ownersByAccount.isEmpty()) {
            return found;
        }
        for (StoredAccount account : accounts.findAll(ownersByAccount.keySet(), Set.copyOf(ownersByAccount.values()))) {
            if (account.userId().equals(ownersByAccount.get(account.id()))) {
                found.put(account.id(), new StoredCredentials(account));
            }
        }
        return found;
    }

    /**
     * Writes what tasks bring to their accounts. Older credentials are replaced, newer ones stay; those of an account that was
     * deleted meanwhile do not come back. May be repeated.
     *
     * <p>Whether a user was deleted is read after the write. The deletion is stored before the accounts are destroyed, so either
     * the write came before and was destroyed, or it is seen here and undone.
     */
    public void write(Collection<AccountWrite> writes) {
        accounts.write(writes);
        Set<String> users = writes.stream()
                .filter(write -> write.credentials() != null)
                .map(AccountWrite::userId)
                .collect(Collectors.toSet());
        if (!users.isEmpty()) {
            deletedUsers.among(users).forEach(userId -> deleteAll(userId, null));
        }
    }

    /**
     * Returns an account's X user name.
     *
     * @return the name, or empty where the user has no such account
     */
    public Optional<String> username(String userId, String accountId) {
        return find(userId, accountId).map(StoredAccount::username);
    }

    /** Returns the ids of a user's accounts, in no order. */
    public List<String> ids(String userId) {
        return accounts.ids(userId);
    }

    /**
     * Deletes all accounts of a user, and with them the credentials. What was done to them is in the audit log before. The caller
     * ends what still runs.
     *
     * @param before only those that were created before this time; null for all
     */
    public void deleteAll(String userId, @Nullable Instant before) {
        List<ActLog.Entry> entries = accounts.marks(userId).stream()
                .flatMap(mark -> mark.entries().stream())
                .toList();
        if (!entries.isEmpty()) {
            acts.write(entries);
        }
        accounts.deleteAll(userId, before);
    }

    Window<StoredAccount> list(String userId, @Nullable String after, int limit) {
        if (after == null) {
            copyUnfinished(userId);
            accounts.dateOldAccounts(userId);
        }
        return accounts.list(userId, after, limit);
    }

    Optional<StoredAccount> find(String userId, String accountId) {
        Optional<StoredAccount> found = accounts.find(userId, accountId);
        if (found.isPresent()) {
            return found;
        }
        copyUnfinished(userId);
        return accounts.find(userId, accountId);
    }

    /**
     * Deletes an account: its credentials are destroyed, its open tasks are ended. May be repeated until it was answered.
     *
     * @return false if the user has no such account
     */
    boolean delete(String userId, String accountId) {
        copyUnfinished(userId);
        Instant now = time.instant();
        List<Act> done = Act.ofCurrentRequest(ActKind.ACCOUNT_DELETED);
        boolean deleted = accounts.markDeleted(userId, accountId, now, done);
        // Also where it was deleted already: the call before may have ended halfway.
        events.publishEvent(new AccountDeleted(userId, accountId));
        if (deleted) {
            log(userId, accountId, done);
        }
        return deleted;
    }

    private void copyUnfinished(String userId) {
        write(unfinished.of(userId));
    }

    /** What fails here is done by {@link AccountCleanup}. */
    private void log(String userId, String accountId, List<Act> done) {
        if (done.isEmpty()) {
            return;
        }
        try {
            acts.write(done.stream()
                    .map(act -> new ActLog.Entry(act, userId, null, accountId))
                    .toList());
            accounts.removeActs(userId, accountId, done.stream().map(Act::id).toList());
        } catch (DataAccessException e) {
            log.warn("user_id={} account_id={} an act is copied to the audit log later", userId, accountId);
        }
    }
}
