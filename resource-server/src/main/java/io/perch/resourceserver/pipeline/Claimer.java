package io.perch.resourceserver.pipeline;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import io.perch.resourceserver.task.ClaimGate;
import io.perch.resourceserver.task.DueTask;
import io.perch.resourceserver.task.TaskClaims;
import io.perch.resourceserver.task.TaskClaims.Claim;
import io.perch.resourceserver.task.TaskKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Claims as many tasks as there is capacity for, and runs their logins. The other tasks stay due in the database. */
class Claimer {

    /** How many of the given tasks were claimed. */
    enum Claimed {
        /** All of them, except those that another instance has. */
        ALL,
        /** Only some, because there was not enough capacity. */
        SOME,
        /** None, because no task may be claimed yet. Only time changes this, so another poll at once is useless. */
        NOT_YET
    }

    private final TaskClaims claims;
    private final ClaimGate gate;
    private final RunningLogins logins;
    private final String instance;
    private final DistributionSummary sizes;

    Claimer(TaskClaims claims, ClaimGate gate, RunningLogins logins, String instance, MeterRegistry meters) {
        this.claims = claims;
        this.gate = gate;
        this.logins = logins;
        this.instance = instance;
        this.sizes = DistributionSummary.builder("perch.pipeline.claim.size")
                .description("Tasks per claim")
                .register(meters);
    }

    /**
     * Claims tasks.
     *
     * @param due the tasks, the most overdue first
     * @param ignoringDueTime those of them that may be claimed before their stored due time, because their account is free again
     * @param traces the parent of each login's span, by task ID
     * @throws org.springframework.dao.DataAccessException if the database is unavailable
     */
    Claimed claim(List<DueTask> due, Set<TaskKey> ignoringDueTime, Map<String, Span.Builder> traces) {
        if (due.isEmpty()) {
            return Claimed.ALL;
        }
        if (!gate.isOpen()) {
            return Claimed.NOT_YET;
        }
        int reserved = logins.reserve(due.size());
        if (reserved == 0) {
            return Claimed.SOME;
        }
        int claimed = 0;
        try {
            Claim claim = claims.claim(due.subList(0, reserved), ignoringDueTime, instance);
            claimed = claim.tasks().size();
            sizes.record(claimed);
            claim.tasks()
                    .forEach(task -> logins.run(task, traces.get(task.task().id())));
            logins.addWaiting(claim.blocked());
        } finally {
            logins.release(reserved - claimed);
        }
        return reserved == due.size() ? Claimed.ALL : Claimed.SOME;
    }
}
