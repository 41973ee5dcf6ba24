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
 * The accounts of all users, for the other packages. The credentials of a new account are at first only in its task. Methods that
 * read accounts copy them first, so an account exists as soon as its login was accepted.
 */
@Component
public class TwitterAccounts {

    private static final Logger log = LoggerFactory.getLogger(TwitterAccounts.class);

    private static final int BATCH = 1_000;

    private final AccountRepository accounts;
    private final AccountSecrets secrets;
    private final UncopiedCredentials uncopied;
    private final DeletedUsers deletedUsers;
    private final ActLog acts;
    private final ApplicationEventPublisher events;
    private final DatabaseTime time;

    TwitterAccounts(
            AccountRepository accounts,
            AccountSecrets secrets,
            UncopiedCredentials uncopied,
            DeletedUsers deletedUsers,
            ActLog acts,
            ApplicationEventPublisher events,
            DatabaseTime time) {
        this.accounts = accounts;
        this.secrets = secrets;
        this.uncopied = uncopied;
        this.deletedUsers = deletedUsers;
        this.acts = acts;
        this.events = events;
        this.time = time;
    }

    /** Returns the ID of a user's X account. X user names ignore case. */
    public static String id(String userId, String username) {
        return DerivedId.of(userId + '/' + username.toLowerCase(Locale.ROOT));
    }

    /** Seals credentials for a user's account, without storing them. */
    public SealedCredentials seal(String userId, String accountId, TwitterCredentials credentials) {
        return secrets.seal(credentials, userId, accountId);
    }

    /**
     * Unseals the credentials of a task.
     *
     * @param username the X user name
     * @throws UnsealException if a value cannot be unsealed
     */
    public TwitterCredentials open(SealedCredentials sealed, String username, String userId, String accountId) {
        return secrets.open(sealed, username, userId, accountId);
    }

    /**
     * Unseals an account's credentials for a login, and reseals values of the old service.
     *
     * @throws UnsealException if a value cannot be unsealed or is missing
     */
    public TwitterCredentials open(StoredCredentials stored) {
        return secrets.credentials(stored.account());
    }

    /** Reads the credentials of many accounts, by account ID. Accounts that do not exist or belong to another user are left out. */
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
     * Stores the credentials and results of tasks in their accounts. Older credentials are replaced, newer ones are kept.
     * Credentials of an account that was deleted in the meantime are not stored. May be repeated.
     *
     * <p>Credentials that are sealed with an older key are sealed with the newest one. Otherwise a login that runs while all
     * values are resealed would store the older key's value after it was replaced.
     *
     * <p>After the write this checks whether the user was deleted. A user's deletion is stored before the accounts are destroyed.
     * So the write either came before and was destroyed, or it is found here and undone.
     */
    public void write(Collection<AccountWrite> writes) {
        accounts.write(writes.stream().map(this::withCurrentKey).toList());
        Set<String> users = writes.stream()
                .filter(write -> write.credentials() != null)
                .map(AccountWrite::userId)
                .collect(Collectors.toSet());
        if (!users.isEmpty()) {
            deletedUsers.among(users).forEach(userId -> deleteAll(userId, null));
        }
    }

    /** A value that does not open stays as it is. Its next login fails. */
    private AccountWrite withCurrentKey(AccountWrite write) {
        SealedCredentials credentials = write.credentials();
        if (credentials == null) {
            return write;
        }
        try {
            return write.withCredentials(secrets.withCurrentKey(credentials, write.userId(), write.accountId()));
        } catch (UnsealException e) {
            log.warn("user_id={} account_id={} {}", write.userId(), write.accountId(), e.getMessage());
            return write;
        }
    }

    /**
     * Returns an account's X user name.
     *
     * @return the name; empty if the user has no such account
     */
    public Optional<String> username(String userId, String accountId) {
        return find(userId, accountId).map(StoredAccount::username);
    }

    /** Returns how many accounts a user has. */
    public long count(String userId) {
        return accounts.countOf(userId);
    }

    /**
     * Deletes all accounts of a user, including their credentials. Their acts are first copied to the audit log. The caller must
     * end running tasks. Each command is limited, and what was deleted before an error stays deleted.
     *
     * @param before deletes only accounts that were created before this time; null for all
     */
    public void deleteAll(String userId, @Nullable Instant before) {
        List<AccountActs> batch;
        do {
            batch = accounts.some(userId, before, BATCH);
            List<ActLog.Entry> entries = batch.stream()
                    .flatMap(account -> account.entries().stream())
                    .toList();
            if (!entries.isEmpty()) {
                acts.write(entries);
            }
            accounts.deleteAll(userId, before, batch);
        } while (batch.size() == BATCH);
    }

    Window<StoredAccount> list(String userId, @Nullable String after, int limit) {
        if (after == null) {
            copyFromTasks(userId);
            accounts.setMissingCreationTimes(userId);
        }
        return accounts.list(userId, after, limit);
    }

    Optional<StoredAccount> find(String userId, String accountId) {
        Optional<StoredAccount> found = accounts.find(userId, accountId);
        if (found.isPresent()) {
            return found;
        }
        copyFromTasks(userId);
        return accounts.find(userId, accountId);
    }

    /**
     * Deletes an account: destroys its credentials and ends its open tasks. May be repeated until it succeeds.
     *
     * @return false if the user has no such account
     */
    boolean delete(String userId, String accountId) {
        copyFromTasks(userId);
        Instant now = time.instant();
        List<Act> done = Act.ofCurrentRequest(ActKind.ACCOUNT_DELETED);
        boolean deleted = accounts.markDeleted(userId, accountId, now, done);
        // Published also if the account was already deleted: an earlier call may have been interrupted
        events.publishEvent(new AccountDeleted(userId, accountId));
        if (deleted) {
            log(userId, accountId, done);
        }
        return deleted;
    }

    private void copyFromTasks(String userId) {
        List<AccountWrite> found = uncopied.of(userId);
        for (int from = 0; from < found.size(); from += BATCH) {
            write(found.subList(from, Math.min(from + BATCH, found.size())));
        }
    }

    /** If this fails, {@link AccountCleanup} copies the act. */
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
            log.warn(
                    "user_id={} account_id={} an act is not copied to the audit log now, but later", userId, accountId);
        }
    }
}
