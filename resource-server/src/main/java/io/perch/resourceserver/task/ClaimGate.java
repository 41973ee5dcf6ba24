package io.perch.resourceserver.task;

import com.mongodb.client.model.Filters;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.mongo.IndexBuilder;
import java.util.Date;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.stereotype.Component;

/**
 * Decides whether tasks may be claimed. Two conditions must be met. The unique index that allows one login at a time per account
 * must exist. And no instance of an earlier version may hold a lease on an account: such instances do not use the index; their
 * leases are documents of {@code account_leases}.
 */
@Component
public class ClaimGate {

    private static final Logger log = LoggerFactory.getLogger(ClaimGate.class);
    private static final String EARLIER_LEASES = "account_leases";

    private final IndexBuilder indexes;
    private final TaskCollection tasks;
    private final MongoOperations mongo;
    private final DatabaseTime time;
    private volatile boolean open;

    ClaimGate(IndexBuilder indexes, TaskCollection tasks, MongoOperations mongo, DatabaseTime time) {
        this.indexes = indexes;
        this.tasks = tasks;
        this.mongo = mongo;
        this.time = time;
    }

    /** Returns whether tasks may be claimed. Once true, it is always true. */
    public boolean isOpen() {
        if (open) {
            return true;
        }
        if (!indexes.areUniqueIndexesReady(tasks)) {
            return false;
        }
        try {
            open = !isHeldByEarlierVersion();
        } catch (DataAccessException e) {
            log.warn("No tasks are claimed yet: {}", e.getMessage());
        }
        return open;
    }

    private boolean isHeldByEarlierVersion() {
        Date now = Date.from(time.instant());
        boolean held = Objects.requireNonNull(mongo.execute(
                EARLIER_LEASES, leases -> leases.find(Filters.gt("until", now)).first() != null));
        if (held) {
            log.info("No tasks are claimed yet: an instance of an earlier version still runs a login");
        }
        return held;
    }
}
