package io.perch.resourceserver.account;

import io.perch.resourceserver.account.AccountRepository.Mark;
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
 * Removes the marks of deleted accounts once no task that was accepted before can bring anything back. Any number of instances
 * may do so at once.
 */
@Component
class AccountCleanup {

    private static final Logger log = LoggerFactory.getLogger(AccountCleanup.class);

    /** Far longer than a lease: the results of a task that was ended cannot come later. */
    private static final Duration KEPT = Duration.ofHours(1);

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
            List<Mark> marks = accounts.marksBefore(time.instant().minus(KEPT), BATCH);
            List<ActLog.Entry> entries =
                    marks.stream().flatMap(mark -> mark.entries().stream()).toList();
            if (!entries.isEmpty()) {
                acts.write(entries);
            }
            marks.forEach(accounts::removeMark);
        } catch (DataAccessException e) {
            log.warn("Marks of deleted accounts are removed later: {}", e.getMessage());
        }
    }
}
