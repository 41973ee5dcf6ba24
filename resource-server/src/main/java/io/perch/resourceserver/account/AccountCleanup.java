package io.perch.resourceserver.account;

import io.perch.resourceserver.account.AccountRepository.Tombstone;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActLog;
import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Deletes the tombstones of deleted accounts when no earlier task can write its credentials any more, and copies acts that were
 * not copied to the audit log by their request. All instances may do this at the same time.
 */
@Component
class AccountCleanup {

    private static final Logger log = LoggerFactory.getLogger(AccountCleanup.class);

    /** Far longer than a lease: an ended task cannot write its result later than that. */
    private static final Duration RETENTION = Duration.ofHours(1);

    private static final int BATCH = 500;

    private final AccountRepository accounts;
    private final ActLog acts;
    private final DatabaseTime time;

    AccountCleanup(AccountRepository accounts, ActLog acts, DatabaseTime time) {
        this.accounts = accounts;
        this.acts = acts;
        this.time = time;
    }

    @Scheduled(fixedDelayString = "10m", initialDelayString = "1m")
    void clean() {
        try {
            List<AccountActs> left = accounts.withActs(BATCH);
            copy(left);
            left.forEach(account -> accounts.removeActs(
                    account.userId(),
                    String.valueOf(account.key()),
                    account.acts().stream().map(Act::id).toList()));
            List<Tombstone> tombstones =
                    accounts.tombstonesBefore(time.instant().minus(RETENTION), BATCH);
            copy(tombstones.stream().map(Tombstone::account).toList());
            tombstones.forEach(accounts::removeTombstone);
        } catch (DataAccessException e) {
            log.warn("Tombstones of deleted accounts are not removed, trying again later: {}", e.getMessage());
        }
    }

    private void copy(List<AccountActs> accountsWithActs) {
        List<ActLog.Entry> entries = accountsWithActs.stream()
                .flatMap(account -> account.entries().stream())
                .toList();
        if (!entries.isEmpty()) {
            acts.write(entries);
        }
    }
}
